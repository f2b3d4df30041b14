//! `GET /wxa/get_category`.

use serde_json::json;

use super::{Answer, reply::accept};

/// The two categories of WeChat's document, and the button's sample, as JSON that is valid.
pub(super) fn answer() -> Answer {
    accept(
        json!({ "category_list": [
            { "first_class": "工具", "second_class": "备忘录", "first_id": 1, "second_id": 2 },
            {
                "first_class": "教育", "second_class": "学历教育", "third_class": "高等",
                "first_id": 3, "second_id": 4, "third_id": 5
            },
            {
                "first_class": "政务民生", "second_class": "社会保障", "third_class": "",
                "first_id": 99, "second_id": 904, "third_id": 0
            },
        ] }),
        "the access token is good",
    )
}
