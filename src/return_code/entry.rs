//! How the tables of the catalogue are written, and what is taken out of them while compiling.

use super::{Action, RetryAfter, ReturnCode, Text, Who};

/// One row of a table: a number of WeChat's and everything that is known of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) number: i32,
    pub(crate) meaning: Text,
    pub(crate) remedy: Text,
    pub(super) who: Who,
    pub(super) action: Option<Action>,
    pub(super) retry_after: Option<RetryAfter>,
}

/// A number that says no: `who` acts, and `action` is what a program can do about it.
pub(super) const fn code(number: i32, action: Action, who: Who) -> Entry {
    Entry {
        action: Some(action),
        ..state(number, who)
    }
}

/// A number that is no refusal: it says how far something has come.
pub(super) const fn state(number: i32, who: Who) -> Entry {
    Entry {
        number,
        meaning: Text::NONE,
        remedy: Text::NONE,
        who,
        action: None,
        retry_after: None,
    }
}

impl Entry {
    pub(super) const fn means(self, zh: &'static str, en: &'static str) -> Self {
        Self {
            meaning: Text { zh, en },
            ..self
        }
    }

    pub(super) const fn remedy(self, zh: &'static str, en: &'static str) -> Self {
        Self {
            remedy: Text { zh, en },
            ..self
        }
    }

    pub(super) const fn after(self, retry_after: RetryAfter) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..self
        }
    }
}

/// What every program has of a table: number, action, English meaning.
///
/// Made while compiling, so that a program that never asks for an explanation, such as the core module of the npm
/// package, has none of the other texts in it.
pub(super) const fn codes<const N: usize>(tables: &[&[Entry]]) -> [ReturnCode; N] {
    let mut codes = [ReturnCode {
        errcode: 0,
        action: Action::Stop,
        meaning: "",
        retry_after: None,
    }; N];
    let mut to: &mut [ReturnCode] = &mut codes;
    let mut tables = tables;
    while let [table, others @ ..] = tables {
        let (own, rest) = to.split_at_mut(table.len());
        fill(own, table);
        to = rest;
        tables = others;
    }
    codes
}

const fn fill(to: &mut [ReturnCode], from: &[Entry]) {
    if let ([code, rest @ ..], [entry, entries @ ..]) = (to, from) {
        code.errcode = entry.number;
        code.meaning = entry.meaning.en;
        code.retry_after = entry.retry_after;
        if let Some(action) = entry.action {
            code.action = action;
        }
        fill(rest, entries);
    }
}

/// The row of a number; an empty one where the table has none.
pub(crate) const fn row(table: &[Entry], number: i32) -> Entry {
    let mut rest = table;
    while let [entry, others @ ..] = rest {
        if entry.number == number {
            return *entry;
        }
        rest = others;
    }
    state(number, Who::Nobody)
}
