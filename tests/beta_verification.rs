//! Where a verification stands: every row of WeChat's tables, before and after its day.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    unreachable_pub,
    reason = "a test says what it expects by failing"
)]

use std::collections::BTreeSet;

use wechat_realname::{
    BetaVerification, BetaVerificationState as State, ErrorCode, beta_verification::Evidence,
};

const SEEN: u32 = 1_700_000_000;
const DAY: u32 = 86_400;

/// What follows at once, and a day later.
#[derive(Clone, Copy)]
enum Rule {
    /// Under way: not before a day has passed, and then it has timed out.
    Waits,
    /// Under way: not before a day has passed, and then nothing is known.
    Silent,
    /// Over, and it may be called again.
    Over,
    /// Over, and it may be called again after these seconds.
    Later(u32),
    /// Over, and never again.
    Never,
    /// Nothing is known.
    Unknown,
}
use Rule::{Later, Never, Over, Silent, Waits};

/// What WeChat pushes: the documented form's statuses.
const PUSHED: &[(i32, State, Rule)] = &[
    (0, State::Succeeded, Never),
    (100_001, State::TimedOut, Over),
    (100_002, State::TimedOut, Over),
    (100_003, State::TimedOut, Over),
    (100_004, State::LegalPersonFailed, Over),
    (101, State::RegisterMismatch, Over),
    (102, State::RegisterMismatch, Over),
    (103, State::RegisterMismatch, Over),
    (104, State::RegisterMismatch, Over),
    (105, State::RegisterMismatch, Later(7 * DAY)),
    (1000, State::RegisterMismatch, Over),
];

/// A task of 2026, in pushes and replies.
const TASKS: &[(i32, State, Rule)] = &[
    (1, State::WaitingForLegalPerson, Waits),
    (2, State::TimedOut, Over),
    (3, State::LegalPersonFailed, Over),
    (4, State::WaitingForLegalPerson, Waits),
    (5, State::WaitingForLegalPerson, Waits),
    (6, State::FaceCheckFailed, Over),
    (7, State::Checking, Silent),
    (8, State::WaitingForLegalPerson, Waits),
    (9, State::Failed, Over),
    (10, State::Checking, Silent),
    (11, State::Failed, Over),
    (12, State::Succeeded, Never),
    (13, State::Checking, Silent),
    (14, State::RegisterMismatch, Over),
    (1001, State::Blocked, Never),
    (1002, State::Blocked, Never),
    (1003, State::Blocked, Over),
    (1004, State::Blocked, Never),
    (1005, State::Blocked, Over),
    (1006, State::Blocked, Never),
    (1007, State::Blocked, Never),
    (1008, State::Blocked, Never),
    (20001, State::LegalPersonFailed, Over),
    (20002, State::FaceCheckFailed, Over),
    (20003, State::RegisterMismatch, Over),
    (86021, State::RegisterMismatch, Over),
    (86022, State::RegisterMismatch, Over),
    (86030, State::CallRefused, Over),
    (86031, State::CallRefused, Over),
    (86032, State::CallRefused, Over),
    (86033, State::CallRefused, Over),
    (86034, State::Blocked, Never),
    (86036, State::LegalPersonFailed, Over),
    (86040, State::Blocked, Never),
    (89295, State::Blocked, Never),
    (91030, State::TryLater, Later(DAY)),
    (89251, State::WaitingForLegalPerson, Waits),
    (89252, State::WaitingForAdministrator, Waits),
];

/// What the call itself is refused with.
const ERRCODES: &[(i32, State, Rule)] = &[
    (89249, State::TaskRunning, Silent),
    (89251, State::WaitingForLegalPerson, Waits),
    (89252, State::WaitingForAdministrator, Waits),
    (89247, State::TryLater, Later(300)),
    (89248, State::CallRefused, Over),
    (89250, State::CallRefused, Over),
    (89253, State::CallRefused, Over),
    (89254, State::CallRefused, Over),
    (89255, State::CallRefused, Over),
    (86004, State::CallRefused, Over),
    (86019, State::CallRefused, Over),
    (61069, State::CallRefused, Over),
    (61070, State::CallRefused, Over),
    (61007, State::CallRefused, Over),
    (91021, State::NotATrial, Never),
    (1001, State::Blocked, Never),
    (1002, State::Blocked, Never),
    (1003, State::Blocked, Over),
    (1004, State::Blocked, Never),
    (1005, State::Blocked, Over),
    (1006, State::Blocked, Never),
    (1007, State::Blocked, Never),
    (91030, State::TryLater, Later(DAY)),
    (-1, State::TryLater, Later(300)),
    (45009, State::TryLater, Later(DAY)),
    (45011, State::TryLater, Later(300)),
    (40001, State::CallRefused, Over),
    (40014, State::CallRefused, Over),
    (41001, State::CallRefused, Over),
    (42001, State::CallRefused, Over),
    (47001, State::CallRefused, Over),
    (48001, State::CallRefused, Over),
    (40013, State::CallRefused, Over),
    (43002, State::CallRefused, Over),
    (44002, State::CallRefused, Over),
    (50001, State::CallRefused, Over),
    (50002, State::Blocked, Never),
    (61003, State::CallRefused, Over),
    (61004, State::CallRefused, Over),
];

fn check(evidence: Evidence, state: State, rule: Rule) {
    let at = |now| BetaVerification::of(evidence, SEEN, now);
    let said = |now: u32| {
        let now = at(now);
        (now.state, now.terminal, now.may_call_again, now.not_before)
    };
    let last = SEEN + DAY - 1;
    match rule {
        Waits | Silent => {
            let after = match rule {
                Waits => (State::TimedOut, true, true, None),
                _ => (State::Unknown, false, true, None),
            };
            for now in [SEEN - 60, SEEN, last] {
                assert_eq!(
                    said(now),
                    (state, false, false, Some(SEEN + DAY)),
                    "{evidence:?}"
                );
            }
            for now in [SEEN + DAY, u32::MAX] {
                assert_eq!(said(now), after, "{evidence:?}");
            }
        }
        Over => {
            for now in [SEEN - 60, SEEN, u32::MAX] {
                assert_eq!(said(now), (state, true, true, None), "{evidence:?}");
            }
        }
        Later(seconds) => {
            let then = SEEN + seconds;
            assert_eq!(
                said(then - 1),
                (state, true, false, Some(then)),
                "{evidence:?}"
            );
            assert_eq!(said(then), (state, true, true, None), "{evidence:?}");
        }
        Never => {
            for now in [SEEN, last, u32::MAX] {
                assert_eq!(said(now), (state, true, false, None), "{evidence:?}");
            }
        }
        Rule::Unknown => {
            for now in [SEEN, last, u32::MAX] {
                assert_eq!(said(now), (state, false, false, None), "{evidence:?}");
            }
        }
    }
    let advice = at(SEEN).advice;
    assert!(
        !advice.zh.is_ascii() && advice.en.ends_with('.'),
        "{evidence:?}"
    );
}

#[test]
fn every_row_of_the_tables() {
    for (status, state, rule) in PUSHED.iter().chain(TASKS) {
        let push = Evidence::Push(Some(*status));
        check(push, *state, *rule);
        assert_eq!(BetaVerification::of(push, SEEN, SEEN).status, Some(*status));
    }
    for (status, state, rule) in TASKS {
        check(Evidence::Reply(Some(*status)), *state, *rule);
    }
    // What only a push may say, a reply does not; and 0 is no success of a task that has just begun.
    for (status, ..) in PUSHED.iter().filter(|(status, ..)| *status != 0) {
        check(
            Evidence::Reply(Some(*status)),
            State::Unknown,
            Rule::Unknown,
        );
    }
    check(
        Evidence::Reply(Some(0)),
        State::WaitingForLegalPerson,
        Waits,
    );
    for (errcode, state, rule) in ERRCODES {
        check(Evidence::Errcode(*errcode), *state, *rule);
        assert_eq!(
            BetaVerification::of(Evidence::Errcode(*errcode), SEEN, SEEN).errcode,
            Some(*errcode)
        );
    }
    check(Evidence::Reply(None), State::WaitingForLegalPerson, Waits);
    let lost = |now| {
        let lost = BetaVerification::of(Evidence::Lost, SEEN, now);
        (
            lost.state,
            lost.terminal,
            lost.may_call_again,
            lost.not_before,
        )
    };
    assert_eq!(lost(SEEN), (State::Unknown, false, false, Some(SEEN + 300)));
    assert_eq!(lost(SEEN + 300), (State::Unknown, false, true, None));
    check(Evidence::NotSent, State::NotSent, Over);
}

#[test]
fn what_is_unknown_is_no_success_and_no_reason_to_call_again() {
    let known = PUSHED.iter().chain(TASKS).map(|(status, ..)| *status);
    let known: BTreeSet<i32> = known.collect();
    for status in (-1000..120_000).filter(|status| !known.contains(status)) {
        check(Evidence::Push(Some(status)), State::Unknown, Rule::Unknown);
    }
    let known: BTreeSet<i32> = ERRCODES.iter().map(|(errcode, ..)| *errcode).collect();
    let shared = [
        86021, 86022, 86030, 86031, 86032, 86033, 86034, 86036, 86040, 89295,
    ];
    for errcode in (-1000..120_000).filter(|code| !known.contains(code) && !shared.contains(code)) {
        check(Evidence::Errcode(errcode), State::Unknown, Rule::Unknown);
    }
    check(Evidence::Push(None), State::Unknown, Rule::Unknown);
    for status in [i32::MIN, i32::MAX] {
        check(Evidence::Push(Some(status)), State::Unknown, Rule::Unknown);
    }
    // Nothing but these two is a success.
    let successes = (-1..120_000).filter(|status| {
        BetaVerification::of(Evidence::Push(Some(*status)), SEEN, SEEN).state == State::Succeeded
    });
    assert_eq!(successes.collect::<Vec<_>>(), [0, 12]);
}

#[test]
fn errors_that_are_no_refusals_say_whether_the_call_may_have_arrived() {
    for code in [
        ErrorCode::Timeout,
        ErrorCode::Network,
        ErrorCode::HttpStatus,
        ErrorCode::Aborted,
    ] {
        assert_eq!(Evidence::of_failure(None, code, None), Some(Evidence::Lost));
    }
    for code in [ErrorCode::InvalidArgument, ErrorCode::Configuration] {
        assert_eq!(
            Evidence::of_failure(None, code, None),
            Some(Evidence::NotSent)
        );
    }
    assert_eq!(
        Evidence::of_failure(None, ErrorCode::Rejected, Some(89251)),
        Some(Evidence::Errcode(89251))
    );
    for code in [
        ErrorCode::Rejected,
        ErrorCode::InvalidSignature,
        ErrorCode::MalformedPush,
        ErrorCode::Replayed,
    ] {
        assert_eq!(Evidence::of_failure(None, code, None), None);
    }
    // A transport that returned nothing of use has made the call all the same.
    assert_eq!(
        Evidence::of_failure(
            Some("verifyBetaMiniprogram"),
            ErrorCode::Configuration,
            None
        ),
        Some(Evidence::Lost)
    );
    // Numbers belong to their interface: 45009 of a token is no 45009 of this call.
    for operation in [
        "getAuthorizerAccessToken",
        "getComponentAccessToken",
        "getStableAccessToken",
    ] {
        for code in [
            ErrorCode::Rejected,
            ErrorCode::HttpStatus,
            ErrorCode::Timeout,
        ] {
            assert_eq!(
                Evidence::of_failure(Some(operation), code, Some(45009)),
                Some(Evidence::NotSent)
            );
        }
    }
    assert_eq!(
        Evidence::of_failure(Some("checkRealNameInfo"), ErrorCode::Rejected, Some(1005)),
        None
    );
    assert_eq!(
        Evidence::of_failure(
            Some("verifyBetaMiniprogram"),
            ErrorCode::Rejected,
            Some(1005)
        ),
        Some(Evidence::Errcode(1005))
    );
}
