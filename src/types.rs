//! TypeScript declarations of everything that crosses the boundary, written from the Rust types (feature `types`).

use std::fmt::Write;

use ts_rs::{Config, TS};

use crate::{
    error::{ErrorCode, ErrorReport},
    merchant::{CertificateReport, Check, CheckState, Finding, MerchantReport, RealNameInfo},
    operation::{
        Category, CheckRealNameInfo, CheckRealNameInfoOutcome, GetCategory, GetCategoryOutcome,
        GetRealNameInfo, Operation, Verdict, operations,
    },
    request::{Method, Request},
    return_code::Action,
    secret::{AuthToken, CredentialId, OpenId, RealName, RealNameCode},
};

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
        ErrorReport<'static>,
        Method,
        Request,
        Verdict,
        Category,
        AuthToken,
        CredentialId,
        OpenId,
        RealName,
        RealNameCode,
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
            let parameters = <$parameters as TS>::name(&config);
            let outcome = <$outcome as TS>::name(&config);
            let docs = <$parameters as TS>::docs().unwrap_or_default();
            // What takes no parameters should not ask for an empty object.
            let takes = <$parameters as TS>::inline(&config).contains(": ");
            let argument = if takes { format!("params: {parameters}, ") } else { String::new() };
            // Writing to a String cannot fail.
            let _ = writeln!(pairs, "{docs}{}: {{ params: {parameters}; outcome: {outcome} }};", $name);
            let _ = writeln!(
                methods,
                "{docs}{}({argument}options?: CallOptions): Promise<{outcome}>;",
                $name
            );
            let personal = <$parameters as Operation>::PERSONAL;
            let _ = writeln!(list, "  {}: {{ takesParams: {takes}, personal: {personal:?} }},", $name);
        )*};
    }
    operations!(list);
    let _ = write!(
        out,
        "/** Parameters and outcome of every operation. */\nexport interface Operations {{\n{pairs}}}\n\n\
         /** One method per operation: prepare, send, interpret. */\nexport interface OperationMethods {{\n{methods}}}\n\n\
         export const operationList: Record<keyof Operations, {{ takesParams: boolean; personal: readonly string[] }}> \
         = {{\n{list}}};\n",
    );
    format!("import type {{ CallOptions }} from '../client';\n\n{out}")
}

/// The declarations of the sandbox.
#[cfg(feature = "sandbox")]
pub fn sandbox() -> String {
    use crate::sandbox::{
        Authorized, Consent, MerchantRecord, Person, PushFault, PushKind, PushOrder, Trial,
    };

    let config = Config::default();
    let mut out = String::new();
    declaration::<Person>(&mut out, &config);
    declaration::<Consent>(&mut out, &config);
    declaration::<MerchantRecord>(&mut out, &config);
    declaration::<Trial>(&mut out, &config);
    declaration::<Authorized>(&mut out, &config);
    declaration::<PushKind>(&mut out, &config);
    declaration::<PushFault>(&mut out, &config);
    declaration::<PushOrder>(&mut out, &config);
    out
}

fn declaration<T: TS>(out: &mut String, config: &Config) {
    let docs = T::docs().unwrap_or_default();
    let _ = writeln!(out, "{docs}export {}\n", T::decl(config));
}
