//! TypeScript declarations of everything that crosses the boundary, written from the Rust types (feature `types`).

use std::fmt::Write;

use ts_rs::{Config, TS};

use crate::{
    beta_verification::{Advice, BetaVerification, BetaVerificationState},
    error::{ErrorCode, ErrorReport},
    fields::Fields,
    identity::{PROVINCES, Province},
    merchant::{CertificateReport, Check, CheckState, Finding, MerchantReport, RealNameInfo},
    operation::{
        Authorization, AuthorizerAccessToken, Category, CheckRealNameInfo,
        CheckRealNameInfoOutcome, ComponentAccessToken, GetAuthorizerAccessToken,
        GetAuthorizerRefreshToken, GetCategory, GetCategoryOutcome, GetComponentAccessToken,
        GetRealNameInfo, GetStableAccessToken, Operation, StableAccessToken, TokenOf, Verdict,
        VerifyBetaMiniprogram, VerifyBetaMiniprogramOutcome, operations,
    },
    push::{BetaInfo, PushEvent},
    request::{Method, Request},
    return_code::{Action, Who},
    secret::{
        AccessToken, AppSecret, AuthToken, AuthorizationCode, AuthorizeUrl, ComponentAppSecret,
        ComponentVerifyTicket, CredentialId, EnterpriseCode, EnterpriseName, OpenId, Phone,
        RealName, RealNameCode, RefreshToken, WechatId,
    },
};

/// Rust has one struct for both forms of `verifybetaweapp`; TypeScript can say which fields go together.
const FORMS: &str = "/** The form of 2026, or all fields of the documented one. */
export type VerifyBetaMiniprogramParams =
  | Required<VerifyBetaMiniprogramFields>
  | (Pick<VerifyBetaMiniprogramFields, 'enterpriseName' | 'code' | 'componentPhone'> & {
      /** Of the documented form alone. */
      codeType?: undefined;
      /** Of the documented form alone. */
      legalPersonaWechat?: undefined;
      /** Of the documented form alone. */
      legalPersonaName?: undefined;
      /** Of the documented form alone. */
      legalPersonaIdcard?: undefined;
    });
";

/// One entry of the list of operations.
const OPERATION_TYPES: &str = "/** What an operation takes, and what comes of it. */
export interface OperationTypes<Params, Outcome> {
  /** What it takes. */
  params: Params;
  /** What comes of it. */
  outcome: Outcome;
}

";

/// The declarations of the core module.
pub fn core() -> String {
    let config = Config::default();
    let mut out = String::new();
    macro_rules! declare {
        ($($kind:ty),*) => { $(declaration::<$kind>(&mut out, &config);)* };
    }
    declare!(
        ErrorCode,
        Action,
        Who,
        ErrorReport<'static>,
        Method,
        Request,
        Verdict,
        Category,
        Advice,
        BetaVerification,
        BetaVerificationState,
        PushEvent,
        BetaInfo,
        Fields,
        AccessToken,
        AppSecret,
        AuthToken,
        AuthorizationCode,
        AuthorizeUrl,
        ComponentAppSecret,
        ComponentVerifyTicket,
        CredentialId,
        EnterpriseCode,
        EnterpriseName,
        OpenId,
        Phone,
        RealName,
        RealNameCode,
        RefreshToken,
        WechatId,
        MerchantReport,
        CertificateReport,
        Finding,
        Check,
        CheckState
    );

    let (mut pairs, mut methods, mut list) = (String::new(), String::new(), String::new());
    macro_rules! list {
        ($($name:literal $parameters:ident => $outcome:ident;)*) => {$(
            declare!($parameters, $outcome);
            // What is declared as `…Fields` is called with one of `FORMS`.
            let parameters = <$parameters as TS>::name(&config).replace("Fields", "Params");
            let outcome = <$outcome as TS>::name(&config);
            let docs = <$parameters as TS>::docs().unwrap_or_default();
            // What takes no parameters should not ask for an empty object.
            let takes = <$parameters as TS>::inline(&config).contains(": ");
            let argument = if takes { format!("params: {parameters}, ") } else { String::new() };
            // Writing to a String cannot fail.
            let _ = writeln!(pairs, "{docs}{}: OperationTypes<{parameters}, {outcome}>;", $name);
            let token = match <$parameters as Operation>::TOKEN {
                TokenOf::MiniProgram => "mini_program",
                TokenOf::Platform => "platform",
                TokenOf::Nobody => "nobody",
            };
            if <$parameters as Operation>::TOKEN == TokenOf::MiniProgram {
                let _ = writeln!(
                    methods,
                    "{docs}{}({argument}options?: CallOptions): Promise<{outcome}>;",
                    $name
                );
            }
            let personal = <$parameters as Operation>::PERSONAL;
            let _ = writeln!(list, "  {}: {{ takesParams: {takes}, token: '{token}', personal: {personal:?} }},", $name);
        )*};
    }
    operations!(list);
    let _ = write!(
        out,
        "{OPERATION_TYPES}/** Parameters and outcome of every operation. */\nexport interface Operations {{\n{pairs}}}\n\n\
         /** WeChat's real-name interfaces, one method each: prepares, sends and interprets. */\nexport interface Client {{\n{methods}}}\n\n\
         export const operationList: Record<keyof Operations, {{ takesParams: boolean; token: 'mini_program' | 'platform' | 'nobody'; personal: readonly string[] }}> \
         = {{\n{list}}};\n\n\
         /** The fields of an event that are shown masked. */\n\
         export const personalOfEvents: readonly string[] = {:?};\n",
        PushEvent::PERSONAL,
    );
    out.push_str(FORMS);
    format!("import type {{ CallOptions }} from '../client';\n\n{out}")
}

/// The names of the areas, for the check of ID numbers that works without the core.
pub fn areas() -> String {
    let mut out = String::from(
        "/** The first two digits of an area, and its names in Chinese and English. */\n\
         export const provinces: Readonly<Record<number, readonly [string, string]>> = {\n",
    );
    for Province { code, zh, en } in PROVINCES {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  {code}: ['{zh}', '{en}'],");
    }
    out.push_str("};\n");
    out
}

/// The declarations of the sandbox.
#[cfg(feature = "sandbox")]
pub fn sandbox() -> String {
    use crate::sandbox::{
        Authorized, Consent, Fault, MerchantRecord, MiniProgramRecord, Person, PlatformRecord,
        PushFault, PushKind, PushOrder, Trial,
    };

    let config = Config::default();
    let mut out = String::new();
    declaration::<Person>(&mut out, &config);
    declaration::<Consent>(&mut out, &config);
    declaration::<MerchantRecord>(&mut out, &config);
    declaration::<MiniProgramRecord>(&mut out, &config);
    declaration::<PlatformRecord>(&mut out, &config);
    declaration::<Fault>(&mut out, &config);
    declaration::<Trial>(&mut out, &config);
    declaration::<Authorized>(&mut out, &config);
    declaration::<PushKind>(&mut out, &config);
    declaration::<PushFault>(&mut out, &config);
    declaration::<PushOrder>(&mut out, &config);
    out
}

/// The declarations of the doctor.
#[cfg(feature = "doctor")]
pub fn doctor() -> String {
    use crate::doctor::{Certainty, Check, Diagnosis, Finding, Severity, Text};

    let config = Config::default();
    let mut out = String::new();
    declaration::<Text>(&mut out, &config);
    declaration::<Severity>(&mut out, &config);
    declaration::<Certainty>(&mut out, &config);
    declaration::<Finding>(&mut out, &config);
    declaration::<Check>(&mut out, &config);
    declaration::<Diagnosis>(&mut out, &config);
    out
}

fn declaration<T: TS>(out: &mut String, config: &Config) {
    let docs = T::docs().unwrap_or_default();
    let _ = writeln!(out, "{docs}export {}\n", T::decl(config));
}
