//! The interfaces that the sandbox knows: the one list of paths and names.

use super::{
    Answer, Incoming, Moment, Outcome, Sandbox, access_token, check_real_name, component,
    face_verification, get_category, get_medical_real_name, get_real_name, parts, reply::page,
    verify_beta,
};

/// One of WeChat's interfaces.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Interface {
    CheckRealNameInfo,
    GetRealNameInfo,
    GetCategory,
    VerifyBetaMiniprogram,
    GetStableAccessToken,
    /// The older one.
    GetAccessToken,
    GetComponentAccessToken,
    GetAuthorizerRefreshToken,
    GetAuthorizerAccessToken,
    GetVerifyId,
    QueryVerifyInfo,
    GetMedicalRealName,
}

impl Interface {
    const ALL: [Self; 12] = [
        Self::CheckRealNameInfo,
        Self::GetRealNameInfo,
        Self::GetCategory,
        Self::VerifyBetaMiniprogram,
        Self::GetStableAccessToken,
        Self::GetAccessToken,
        Self::GetComponentAccessToken,
        Self::GetAuthorizerRefreshToken,
        Self::GetAuthorizerAccessToken,
        Self::GetVerifyId,
        Self::QueryVerifyInfo,
        Self::GetMedicalRealName,
    ];

    /// The interface at this path.
    pub(super) fn at(path: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|interface| interface.path() == path)
    }

    /// The interface of this name, the library's or WeChat's in any case, or of this path.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|interface| {
            let last = interface.path().rsplit('/').next().unwrap_or_default();
            interface.path() == name
                || interface.name().eq_ignore_ascii_case(name)
                || last.eq_ignore_ascii_case(name)
        })
    }

    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::CheckRealNameInfo => "/intp/realname/checkrealnameinfo",
            Self::GetRealNameInfo => "/cgi-bin/wxopen/getrealnameinfo",
            Self::GetCategory => "/wxa/get_category",
            Self::VerifyBetaMiniprogram => "/wxa/verifybetaweapp",
            Self::GetStableAccessToken => "/cgi-bin/stable_token",
            Self::GetAccessToken => "/cgi-bin/token",
            Self::GetComponentAccessToken => "/cgi-bin/component/api_component_token",
            Self::GetAuthorizerRefreshToken => "/cgi-bin/component/api_query_auth",
            Self::GetAuthorizerAccessToken => "/cgi-bin/component/api_authorizer_token",
            Self::GetVerifyId => "/cityservice/face/identify/getverifyid",
            Self::QueryVerifyInfo => "/cityservice/face/identify/queryverifyinfo",
            Self::GetMedicalRealName => "/cityservice/getmedrealname",
        }
    }

    /// As the library's client spells it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::CheckRealNameInfo => "checkRealNameInfo",
            Self::GetRealNameInfo => "getRealNameInfo",
            Self::GetCategory => "getCategory",
            Self::VerifyBetaMiniprogram => "verifyBetaMiniprogram",
            Self::GetStableAccessToken => "getStableAccessToken",
            Self::GetAccessToken => "getAccessToken",
            Self::GetComponentAccessToken => "getComponentAccessToken",
            Self::GetAuthorizerRefreshToken => "getAuthorizerRefreshToken",
            Self::GetAuthorizerAccessToken => "getAuthorizerAccessToken",
            Self::GetVerifyId => "getVerifyId",
            Self::QueryVerifyInfo => "queryVerifyInfo",
            Self::GetMedicalRealName => "getMedicalRealName",
        }
    }
}

impl Sandbox {
    pub(super) fn route(
        &mut self,
        interface: Option<Interface>,
        request: &Incoming,
        moment: &mut Moment,
    ) -> Outcome {
        let (_, query) = parts(&request.target);
        let Some(interface) = interface else {
            return Ok(Answer {
                status: 404,
                content_type: "text/html",
                why: "the sandbox knows no interface at this path".into(),
                ..page("<html><body>404 Not Found</body></html>")
            });
        };
        match interface {
            Interface::GetStableAccessToken => access_token::stable_token(self, request, moment),
            Interface::GetAccessToken => access_token::token(self, query, moment),
            Interface::GetComponentAccessToken => component::component_token(self, request, moment),
            Interface::GetAuthorizerRefreshToken => component::query_auth(self, request, moment),
            Interface::GetAuthorizerAccessToken => {
                component::authorizer_token(self, request, moment)
            }
            Interface::VerifyBetaMiniprogram => verify_beta::answer(self, request, query, moment),
            Interface::GetCategory
            | Interface::CheckRealNameInfo
            | Interface::GetRealNameInfo
            | Interface::GetVerifyId
            | Interface::QueryVerifyInfo
            | Interface::GetMedicalRealName => {
                let app_id = match access_token::check(self, query, interface, moment.now)? {
                    access_token::Checked::Provoked(answer) => return Ok(answer),
                    access_token::Checked::App(app_id) => app_id,
                };
                match interface {
                    Interface::CheckRealNameInfo => check_real_name::answer(self, &app_id, request),
                    Interface::GetRealNameInfo => {
                        get_real_name::answer(self, &app_id, request, moment)
                    }
                    Interface::GetVerifyId => {
                        face_verification::begin(self, &app_id, request, moment)
                    }
                    Interface::QueryVerifyInfo => {
                        face_verification::query(self, &app_id, request, moment.now)
                    }
                    Interface::GetMedicalRealName => {
                        get_medical_real_name::answer(self, &app_id, request, moment)
                    }
                    _ => Ok(get_category::answer()),
                }
            }
        }
    }
}
