//! Faults that a test sets: the next calls fail, whatever they ask.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Incoming, Interface, Mistake, Moment, Outcome, Sandbox, check_real_name,
    face_verification::verify_ret_of, get_medical_real_name, get_real_name, magic, parts,
    verify_beta,
};

/// A fault of the calls to come.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "SandboxFault", optional_fields)
)]
#[non_exhaustive]
pub struct Fault {
    /// Which interface fails: its name here (`getRealNameInfo`), WeChat's (`getrealnameinfo`) or its path. Default: each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interface: Option<String>,
    /// What comes instead of an answer: a magic word without `sandbox:`, such as `-1`, `45009`, `timeout`, `html-502`,
    /// `reset`, `empty`. A word of one interface (`V_OP_NM_UM`, `verify_ret=10300`) needs `interface`, and comes once the
    /// request has passed its checks.
    #[cfg_attr(feature = "types", ts(optional = false))]
    pub outcome: String,
    /// How many calls fail. Default: 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// How many calls go well before. Default: 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u32>,
}

impl Fault {
    fn is_of(&self, interface: Interface) -> bool {
        match &self.interface {
            Some(name) => Interface::named(name) == Some(interface),
            None => true,
        }
    }
}

impl Sandbox {
    /// Sets a fault. Every call counts for each fault that it could meet; where several are due, the one that was set
    /// first comes.
    ///
    /// # Errors
    /// No such interface, no such word, a word of another interface, and 0 times.
    pub fn set_fault(&mut self, fault: Fault) -> Result<(), Mistake> {
        let interface = match &fault.interface {
            None => None,
            Some(name) => Some(Interface::named(name).ok_or(Mistake {
                field: "interface",
                reason: "must be an interface of the sandbox, such as getRealNameInfo or /cgi-bin/stable_token",
            })?),
        };
        if !magic::is_word(&fault.outcome) && place(interface, &fault.outcome).is_none() {
            let of_another = [
                Interface::CheckRealNameInfo,
                Interface::GetRealNameInfo,
                Interface::VerifyBetaMiniprogram,
                Interface::QueryVerifyInfo,
                Interface::GetMedicalRealName,
            ];
            let known = of_another
                .iter()
                .any(|other| place(Some(*other), &fault.outcome).is_some());
            return Err(Mistake {
                field: "outcome",
                reason: if known {
                    "is a word of certain interfaces: name one of those, too"
                } else {
                    "must be a magic word without sandbox:, such as -1, 45009, timeout, html-502, reset or empty"
                },
            });
        }
        if fault.times == Some(0) {
            return Err(Mistake {
                field: "times",
                reason: "must be 1 or more",
            });
        }
        self.faults.push(fault);
        Ok(())
    }

    /// The faults that have not all come yet, with what is left of them.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Takes every fault back.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// The answer to a request that meets this fault.
    pub(super) fn faulty(
        &mut self,
        fault: &Fault,
        request: &Incoming,
        moment: &mut Moment,
    ) -> Outcome {
        let (path, _) = parts(&request.target);
        let interface = Interface::at(path);
        if let Some(place) = place(interface, &fault.outcome) {
            let asked = place.filled(request, &fault.outcome);
            let mut answer = self.route(interface, &asked, moment)?;
            answer.why = format!("the test set a fault, {}: {}", fault.outcome, answer.why);
            return Ok(answer);
        }
        magic::provoked(&fault.outcome, magic::FAULT)
    }
}

/// The fault that is due for a call, used up by one.
pub(super) fn due(faults: &mut Vec<Fault>, interface: Option<Interface>) -> Option<Fault> {
    let interface = interface?;
    let mut due = None;
    for (at, fault) in faults.iter_mut().enumerate() {
        if !fault.is_of(interface) {
            continue;
        }
        match fault.after {
            Some(after @ 1..) => fault.after = Some(after - 1),
            _ if due.is_none() => due = Some((at, fault.clone())),
            _ => {}
        }
    }
    let (at, fault) = due?;
    match fault.times {
        Some(times @ 2..) => {
            if let Some(left) = faults.get_mut(at) {
                left.times = Some(times - 1);
            }
        }
        _ => {
            faults.remove(at);
        }
    }
    Some(fault)
}

/// Where a magic value of one interface stands in its request.
enum Place {
    Field(&'static str),
    /// A field of `verify_info`.
    VerifyInfo(&'static str),
}

/// The place of a word that one interface alone knows.
fn place(interface: Option<Interface>, word: &str) -> Option<Place> {
    match interface? {
        Interface::CheckRealNameInfo if check_real_name::is_word(word) => {
            Some(Place::Field("code"))
        }
        Interface::GetRealNameInfo if get_real_name::is_word(word) => {
            Some(Place::Field("auth_token"))
        }
        Interface::VerifyBetaMiniprogram if verify_beta::is_word(word) => {
            Some(Place::VerifyInfo("enterprise_name"))
        }
        Interface::QueryVerifyInfo if verify_ret_of(word).is_some() => {
            Some(Place::Field("verify_id"))
        }
        Interface::GetMedicalRealName if get_medical_real_name::is_word(word) => {
            Some(Place::Field("wxmed_authcode"))
        }
        _ => None,
    }
}

impl Place {
    /// The request with the magic value in its place; as it was, where it has no such place.
    fn filled(&self, request: &Incoming, word: &str) -> Incoming {
        let magic = format!("sandbox:{word}");
        let mut asked = request.clone();
        let Ok(mut body) = serde_json::from_str::<Value>(&request.body) else {
            return asked;
        };
        let (object, name) = match self {
            Self::VerifyInfo(name) => (body.get_mut("verify_info"), name),
            Self::Field(name) => (Some(&mut body), name),
        };
        if let Some(object) = object.and_then(Value::as_object_mut) {
            object.insert((*name).into(), magic.into());
        }
        asked.body = body.to_string();
        asked
    }
}
