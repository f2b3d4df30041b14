//! TypeScript declarations of everything that crosses the boundary, written from the Rust types (feature `types`).

use std::{collections::BTreeSet, fmt::Write};

use ts_rs::{Config, TS, TypeVisitor};

use crate::{
    beta_verification::BetaVerification,
    error::{ErrorCode, ErrorReport},
    identity::{PROVINCES, Province},
    merchant::{MerchantReport, RealNameInfo},
    operation::{self, Operation, TokenOf, operations},
    push::PushEvent,
    request::Request,
    return_code::{Action, Who},
};

/// Rust has one struct for both forms of an operation's parameters; TypeScript can say which fields go together.
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

/** With `certHash`, or with the name and number that it is made of. */
export type QueryVerifyInfoParams = Pick<QueryVerifyInfoFields, 'verifyId' | 'outSeqNo' | 'openid'> &
  (
    | (Required<Pick<QueryVerifyInfoFields, 'certHash'>> & {
        /** Not beside `certHash`. */
        certName?: undefined;
        /** Not beside `certHash`. */
        certNo?: undefined;
      })
    | (Required<Pick<QueryVerifyInfoFields, 'certName' | 'certNo'>> & {
        /** Not beside `certName` and `certNo`. */
        certHash?: undefined;
      })
  );
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

/// What is written of the core module.
#[derive(Debug)]
#[non_exhaustive]
pub struct Core {
    /// The declarations: all of them are the package's own, and exported by it.
    pub declarations: String,
    /// What the adapter must know of each operation.
    pub list: String,
}

/// The declarations of the core module, and its list of operations.
pub fn core() -> Core {
    let mut declared = Declarations::default();
    declared.add::<ErrorCode>();
    declared.add::<Action>();
    declared.add::<Who>();
    declared.add::<ErrorReport<'static>>();
    declared.add::<Request>();
    declared.add::<BetaVerification>();
    declared.add::<PushEvent>();
    declared.add::<MerchantReport>();
    declared.add::<RealNameInfo>();

    let (mut pairs, mut methods, mut list) = (String::new(), String::new(), String::new());
    macro_rules! list {
        ($($name:literal $parameters:ident => $outcome:ident;)*) => {$(
            declared.add::<operation::$parameters>();
            declared.add::<operation::$outcome>();
            // What is declared as `…Fields` is called with one of `FORMS`.
            let parameters = <operation::$parameters as TS>::name(&declared.config).replace("Fields", "Params");
            let outcome = <operation::$outcome as TS>::name(&declared.config);
            let docs = <operation::$parameters as TS>::docs().unwrap_or_default();
            // What takes no parameters should not ask for an empty object.
            let takes = <operation::$parameters as TS>::inline(&declared.config).contains(": ");
            let argument = if takes { format!("params: {parameters}, ") } else { String::new() };
            // Writing to a String cannot fail.
            let _ = writeln!(pairs, "{docs}{}: OperationTypes<{parameters}, {outcome}>;", $name);
            let token = match <operation::$parameters as Operation>::TOKEN {
                TokenOf::MiniProgram => "mini_program",
                TokenOf::Platform => "platform",
                TokenOf::Nobody => "nobody",
            };
            if <operation::$parameters as Operation>::TOKEN == TokenOf::MiniProgram {
                let _ = writeln!(
                    methods,
                    "{docs}{}({argument}options?: CallOptions): Promise<{outcome}>;",
                    $name
                );
            }
            let personal = <operation::$parameters as Operation>::PERSONAL;
            let _ = writeln!(list, "  {}: {{ takesParams: {takes}, token: '{token}', personal: {personal:?} }},", $name);
        )*};
    }
    operations!(list);
    let declarations = format!(
        "import type {{ CallOptions }} from '../client';\n\n\
         {}{OPERATION_TYPES}/** Parameters and outcome of every operation. */\nexport interface Operations {{\n{pairs}}}\n\n\
         /** WeChat's real-name interfaces, one method each: prepares, sends and interprets. */\nexport interface Client {{\n{methods}}}\n\n\
         {FORMS}",
        declared.out
    );
    let list = format!(
        "import type {{ Operations }} from './core_types';\n\n\
         export const operationList: Record<keyof Operations, {{ takesParams: boolean; token: 'mini_program' | 'platform' | 'nobody'; personal: readonly string[] }}> \
         = {{\n{list}}};\n\n\
         /** The fields of an event that are shown masked. */\n\
         export const personalOfEvents: readonly string[] = {:?};\n",
        PushEvent::PERSONAL,
    );
    Core { declarations, list }
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

    let mut declared = Declarations::default();
    declared.add::<Person>();
    declared.add::<Consent>();
    declared.add::<MerchantRecord>();
    declared.add::<MiniProgramRecord>();
    declared.add::<PlatformRecord>();
    declared.add::<Fault>();
    declared.add::<Trial>();
    declared.add::<Authorized>();
    declared.add::<PushKind>();
    declared.add::<PushFault>();
    declared.add::<PushOrder>();
    declared.out
}

/// The declarations of the doctor.
#[cfg(feature = "doctor")]
pub fn doctor() -> String {
    use crate::doctor::{Certainty, Check, Diagnosis, Finding, Severity, Text};

    let mut declared = Declarations::default();
    declared.add::<Text>();
    declared.add::<Severity>();
    declared.add::<Certainty>();
    declared.add::<Finding>();
    declared.add::<Check>();
    declared.add::<Diagnosis>();
    declared.out
}

/// Declarations, each with whatever it is made of.
#[derive(Default)]
struct Declarations {
    config: Config,
    out: String,
    names: BTreeSet<String>,
}

impl Declarations {
    fn add<T: TS + 'static + ?Sized>(&mut self) {
        // What TypeScript has by itself is not declared.
        if T::output_path().is_none() || !self.names.insert(T::ident(&self.config)) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = writeln!(self.out, "{docs}export {}\n", T::decl(&self.config));
        T::visit_dependencies(self);
    }
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        self.add::<T>();
    }
}
