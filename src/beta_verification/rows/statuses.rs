//! The statuses that tell how a verification goes.

use super::WEEK;
use crate::beta_verification::{
    Again::{After, No, Now, WhenOver},
    BetaVerificationState::{
        Blocked, Checking, FaceCheckFailed, Failed, LegalPersonFailed, RegisterMismatch, Succeeded,
        TimedOut, WaitingForLegalPerson,
    },
    Row,
};
use crate::return_code::BETA_STATUS;

/// What only pushes have: the documented statuses.
pub(super) static PUSHED: &[Row] = &[
    row!(BETA_STATUS, 0, Succeeded, No),
    row!(BETA_STATUS, 100001, TimedOut, Now),
    row!(BETA_STATUS, 100002, TimedOut, Now),
    row!(BETA_STATUS, 100003, TimedOut, Now),
    row!(BETA_STATUS, 100004, LegalPersonFailed, Now),
    row!(BETA_STATUS, 101, RegisterMismatch, Now),
    row!(BETA_STATUS, 102, RegisterMismatch, Now),
    row!(BETA_STATUS, 103, RegisterMismatch, Now),
    row!(BETA_STATUS, 104, RegisterMismatch, Now),
    row!(BETA_STATUS, 105, RegisterMismatch, After(WEEK)),
    row!(BETA_STATUS, 1000, RegisterMismatch, Now),
];

/// Those of a task of the form of 2026 (reported), in pushes and in replies.
pub(super) static TASKS: &[Row] = &[
    row!(BETA_STATUS, 1, WaitingForLegalPerson, WhenOver),
    row!(BETA_STATUS, 2, TimedOut, Now),
    row!(BETA_STATUS, 3, LegalPersonFailed, Now),
    row!(BETA_STATUS, 4, WaitingForLegalPerson, WhenOver),
    row!(BETA_STATUS, 5, WaitingForLegalPerson, WhenOver),
    row!(BETA_STATUS, 6, FaceCheckFailed, Now),
    row!(BETA_STATUS, 7, Checking, WhenOver),
    row!(BETA_STATUS, 8, WaitingForLegalPerson, WhenOver),
    row!(BETA_STATUS, 9, Failed, Now),
    row!(BETA_STATUS, 10, Checking, WhenOver),
    row!(BETA_STATUS, 11, Failed, Now),
    row!(BETA_STATUS, 12, Succeeded, No),
    row!(BETA_STATUS, 13, Checking, WhenOver),
    row!(BETA_STATUS, 14, RegisterMismatch, Now),
    row!(BETA_STATUS, 20001, LegalPersonFailed, Now),
    row!(BETA_STATUS, 20002, FaceCheckFailed, Now),
    row!(BETA_STATUS, 20003, RegisterMismatch, Now),
    row!(BETA_STATUS, 1008, Blocked, No),
];
