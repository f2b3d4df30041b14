//! `get_category`: the categories of the mini program, for the `category-id` of the authorisation button.
//!
//! Document: 微信支付实名信息授权接口 §4.2 (its sample is not valid JSON), read 2026-11.
//! `GET /wxa/get_category?access_token=…`. Not to be confused with `cgi-bin/wxopen/getcategory`.

use serde::{Deserialize, Serialize};

use super::{CallContext, Operation, read};
use crate::{error::Error, request::Request, response::Response, return_code::ReturnCode};

/// Lists the categories of the mini program (WeChat: `get_category`).
///
/// First-level and second-level id are what the button `open-type="getRealnameAuthInfo"` takes as `category-id`.
/// WeChat's document: 微信支付实名信息授权接口 §4.2.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "GetCategoryParams"))]
pub struct GetCategory {}

/// The categories of the mini program.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[non_exhaustive]
pub struct GetCategoryOutcome {
    /// In WeChat's order.
    pub categories: Vec<Category>,
}

/// One category, by its names and numbers on each level.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[non_exhaustive]
pub struct Category {
    /// The number of the first level: the first of the two in `category-id`.
    pub first_id: u32,
    /// The name of the first level.
    pub first_class: String,
    /// The number of the second level: the second of the two in `category-id`.
    pub second_id: u32,
    /// The name of the second level.
    pub second_class: String,
    /// The number of the third level, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub third_id: Option<u32>,
    /// The name of the third level, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub third_class: Option<String>,
}

#[derive(Deserialize)]
struct Reply {
    category_list: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    first_id: u32,
    first_class: String,
    second_id: u32,
    second_class: String,
    third_id: Option<u32>,
    third_class: Option<String>,
}

impl Operation for GetCategory {
    const NAME: &'static str = "getCategory";

    // Its document names only -1, "busy", which every interface has.
    const RETURN_CODES: &'static [ReturnCode] = &[];

    const REPEATABLE: bool = true;

    type Outcome = GetCategoryOutcome;

    fn request(&self, context: &CallContext<'_>) -> Result<Request, Error> {
        Request::get(&context.origin, "/wxa/get_category", context.credential())
    }

    fn interpret(
        &self,
        response: &Response,
        context: &CallContext<'_>,
    ) -> Result<Self::Outcome, Error> {
        let reply: Reply = read::<Self, _>(response, context, &[])?;
        Ok(GetCategoryOutcome {
            categories: reply.category_list.into_iter().map(category).collect(),
        })
    }
}

fn category(entry: Entry) -> Category {
    // WeChat writes "no third level" as an absent field, as an empty name or as the number 0.
    Category {
        first_id: entry.first_id,
        first_class: entry.first_class,
        second_id: entry.second_id,
        second_class: entry.second_class,
        third_id: entry.third_id.filter(|id| *id != 0),
        third_class: entry.third_class.filter(|name| !name.is_empty()),
    }
}
