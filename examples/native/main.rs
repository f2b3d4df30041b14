//! A native program: the crate makes and reads the messages, ureq carries them.
//!
//! `native check` asks whether `REAL_NAME` and `CRED_ID` are those of the user `OPENID`, with the user's `CODE`;
//! `native read` reads the person behind `AUTH_TOKEN`. Both print what became of it without giving anybody away.
#![allow(clippy::print_stdout, reason = "a program for the command line")]

use std::{
    env,
    error::Error,
    process::ExitCode,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use ureq::Agent;
use wechat_realname::{
    CallContext, CheckRealNameInfo, GetRealNameInfo, GetStableAccessToken, Merchant, MerchantFiles,
    Operation, Response,
    merchant::OsEntropy,
    request::Origin,
    secret::{AccessToken, AppSecret, AuthToken, CredentialId, OpenId, RealName, RealNameCode},
};

/// More than any reply of these interfaces.
const LONGEST_REPLY: u64 = 1 << 20;

fn main() -> ExitCode {
    match run() {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            // Names fields, never their values.
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<String, Box<dyn Error>> {
    let agent: Agent = Agent::config_builder()
        // The crate reads the status itself; a redirect would carry the token elsewhere.
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(10)))
        .build()
        .into();
    let host = env::var("WECHAT_BASE_URL").unwrap_or_else(|_| Origin::WECHAT.into());
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let (origin, now) = (Origin::parse(&host)?, u32::try_from(now)?);
    let context = |token| {
        CallContext::new(token)
            .with_origin(origin.clone())
            .with_now(now)
            .with_entropy(&OsEntropy)
    };

    let stable = GetStableAccessToken {
        app_id: var("APP_ID")?,
        app_secret: AppSecret::new(var("APP_SECRET")?),
        ..Default::default()
    };
    // A program that goes on running keeps it: the crate's module `token` says for how long.
    let none = AccessToken::default();
    let token = call(&agent, &stable, &context(&none))?.access_token;
    let context = context(&token);

    match env::args().nth(1).as_deref() {
        Some("check") => {
            let check = CheckRealNameInfo {
                openid: OpenId::new(var("OPENID")?),
                real_name: RealName::new(var("REAL_NAME")?),
                cred_id: CredentialId::new(var("CRED_ID")?),
                code: RealNameCode::new(var("CODE")?),
                ..Default::default()
            };
            let outcome = call(&agent, &check, &context)?;
            Ok(format!(
                "matched: {}, {:?}",
                outcome.matched, outcome.verdict
            ))
        }
        Some("read") => {
            let mut files = MerchantFiles::default();
            files.mch_id = var("MCH_ID")?;
            files.private_key = var("MCH_KEY")?.into_bytes().into();
            files.certificate = Some(var("MCH_CERT")?.into_bytes());
            let merchant = Merchant::open(&files)?;
            let read = GetRealNameInfo {
                auth_token: AuthToken::new(var("AUTH_TOKEN")?),
            };
            let info = call(&agent, &read, &context.with_merchant(&merchant))?;
            let number = info.credential_id.expose();
            let family: String = info.real_name.expose().chars().take(1).collect();
            let last: String = number
                .chars()
                .skip(number.len().saturating_sub(4))
                .collect();
            Ok(format!("{family}*, …{last}"))
        }
        _ => Err("usage: native check | native read".into()),
    }
}

/// One call: all that this program knows of WeChat's messages is that they go out and come back.
fn call<O: Operation>(
    agent: &Agent,
    operation: &O,
    context: &CallContext<'_>,
) -> Result<O::Outcome, Box<dyn Error>> {
    let request = operation.request(context)?;
    // Every call of this program has a body.
    let mut post = agent.post(&request.url);
    for (name, value) in &request.headers {
        post = post.header(*name, *value);
    }
    let mut reply = post
        .send(request.body.unwrap_or_default())
        .map_err(|error| not_sent(&error))?;
    let status = reply.status().as_u16();
    let body = reply
        .body_mut()
        .with_config()
        .limit(LONGEST_REPLY)
        .read_to_vec()
        .map_err(|error| not_sent(&error))?;
    Ok(operation.interpret(&Response::new(status, body), context)?)
}

/// What ureq says of some failures has the address in it, and with it the access token.
fn not_sent(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Io(error) => format!("the network: {}", error.kind()),
        ureq::Error::Timeout(_) => "no answer within 10 seconds".into(),
        _ => "the exchange with WeChat failed".into(),
    }
}

fn var(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("the environment has no {name}"))
}
