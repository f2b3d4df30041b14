//! A sandbox on a bench, and the machine's tools.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use serde_json::{Value, json};
use wechat_realname::sandbox::{Answer, Consent, Sandbox};

pub(crate) const NOW: u64 = 1_795_170_000;
pub(crate) const NUMBER: &str = "11010519491231002X";
pub(crate) const OTHER_NUMBER: &str = "440524188001010014";

pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    pub(crate) now: u64,
    pub(crate) token: String,
    seeds: u8,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let mut sandbox = Sandbox::new().unwrap();
        let token = sandbox.issue_access_token(NOW, [200; 32]);
        Self {
            sandbox,
            now: NOW,
            token,
            seeds: 0,
        }
    }

    pub(crate) fn seed(&mut self) -> [u8; 32] {
        self.seeds = self.seeds.wrapping_add(1);
        [self.seeds; 32]
    }

    pub(crate) fn ask_text(&mut self, path: &str, body: &str) -> Answer {
        let target = format!("{path}?access_token={}", self.token);
        let request = json!({ "method": "POST", "target": target, "body": body });
        let request = serde_json::from_value(request).unwrap();
        let seed = self.seed();
        self.sandbox.answer(&request, self.now, seed)
    }

    pub(crate) fn ask(&mut self, path: &str, body: &Value) -> Value {
        let answer = self.ask_text(path, &body.to_string());
        serde_json::from_str(&answer.body).unwrap()
    }

    /// Asserts what a call is answered with, and that `why` has these words.
    pub(crate) fn says(&mut self, path: &str, body: &Value, errcode: i32, words: &str) {
        let answer = self.ask_text(path, &body.to_string());
        assert_eq!(answer.errcode, Some(errcode), "{body}: {}", answer.why);
        assert!(answer.why.contains(words), "{}, not {words}", answer.why);
        assert!(!answer.why.contains(NUMBER));
    }

    pub(crate) fn person(&mut self, person: Value) -> Consent {
        let person = serde_json::from_value(person).unwrap();
        let seed = self.seed();
        self.sandbox.add_person(person, self.now, seed).unwrap()
    }

    /// A further mini program, whose token is the one of the calls from now on.
    pub(crate) fn as_another(&mut self) -> String {
        let seed = self.seed();
        let none = serde_json::from_value(json!({})).unwrap();
        let added = self.sandbox.add_mini_program(none, seed).unwrap();
        let app_id = added.app_id.unwrap();
        let issued = self
            .sandbox
            .issue_access_token_of(Some(&app_id), self.now, seed);
        self.token = issued.unwrap();
        app_id
    }
}

/// The body with other fields.
pub(crate) fn with(body: &Value, other: &Value) -> Value {
    let mut body = body.clone();
    for (name, value) in other.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// Whether the shell has these tools; says so if not.
pub(crate) fn lacking(tools: &[&str]) -> bool {
    let missing = tools.iter().find(|tool| {
        let found = Command::new("sh")
            .args(["-c", &format!("command -v {tool}")])
            .stdout(Stdio::null())
            .status();
        !found.is_ok_and(|status| status.success())
    });
    if let Some(tool) = missing {
        eprintln!("skipped: there is no {tool} in the PATH");
    }
    missing.is_some()
}

/// What a line of the shell makes of these bytes.
pub(crate) fn shell(line: &str, input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("sh")
        .args(["-c", line])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{line}");
    output.stdout
}
