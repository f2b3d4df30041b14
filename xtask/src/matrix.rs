//! The table at the end of `cargo xtask test`: what of the package ran where.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;

use crate::shell::Result;

/// Test file → runtime → what is tried there.
type Rows = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// A line of what the tests wrote down.
#[derive(Deserialize)]
struct Outcome {
    runtime: String,
    what: String,
    ok: bool,
}

/// Prints a row for each of `rows`. `outcomes` are lines of JSON; `left_out` says of a test file why it was not run.
pub(crate) fn print<'a>(
    rows: &Path,
    outcomes: &Path,
    left_out: impl Fn(&str) -> Option<&'a str>,
) -> Result<()> {
    let rows: Rows = serde_json::from_str(&fs::read_to_string(rows)?)?;
    let outcomes = fs::read_to_string(outcomes)?
        .lines()
        .map(serde_json::from_str)
        .collect::<std::result::Result<Vec<Outcome>, _>>()?;
    let mut table = Vec::new();
    for (file, runtimes) in &rows {
        for (runtime, tried) in runtimes {
            for what in tried {
                let mut oks = outcomes
                    .iter()
                    .filter(|outcome| outcome.runtime == *runtime && outcome.what == *what)
                    .map(|outcome| outcome.ok)
                    .peekable();
                let result = match (left_out(file), oks.peek().is_some()) {
                    (Some(why), _) => format!("not run: {why}"),
                    (None, false) => "NO RESULT".into(),
                    (None, true) if oks.all(|ok| ok) => "passed".into(),
                    (None, true) => "FAILED".into(),
                };
                table.push((runtime, what, result));
            }
        }
    }
    table.sort();
    let width = |texts: Vec<&String>| texts.iter().map(|text| text.chars().count()).max();
    let first = width(table.iter().map(|row| row.0).collect()).unwrap_or_default();
    let second = width(table.iter().map(|row| row.1).collect()).unwrap_or_default();
    let mut before = "";
    for (runtime, what, result) in &table {
        let shown = if before == runtime.as_str() {
            ""
        } else {
            runtime
        };
        println!("  {shown:<first$}  {what:<second$}  {result}");
        before = runtime;
    }
    // A test that was skipped by itself, or renamed, must not pass for one that was run.
    let silent = table.iter().filter(|row| row.2 == "NO RESULT").count();
    if silent > 0 {
        return Err(format!("{silent} rows of the table have no result").into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_run_left_out_or_an_error() {
        let folder = crate::shell::root().join("target/matrix-test");
        fs::create_dir_all(&folder).unwrap();
        let (rows, outcomes) = (folder.join("rows.json"), folder.join("outcomes.jsonl"));
        fs::write(&rows, r#"{ "a.test.mjs": { "Node": ["one", "two"] } }"#).unwrap();
        fs::write(
            &outcomes,
            "{\"runtime\":\"Node\",\"what\":\"one\",\"ok\":true}\n",
        )
        .unwrap();
        // The second has no result.
        assert!(print(&rows, &outcomes, |_| None).is_err());
        assert!(print(&rows, &outcomes, |_| Some("no Node")).is_ok());
        fs::write(
            &outcomes,
            "{\"runtime\":\"Node\",\"what\":\"one\",\"ok\":true}\n{\"runtime\":\"Node\",\"what\":\"two\",\"ok\":false}\n",
        )
        .unwrap();
        // It failed, which whoever ran it says.
        assert!(print(&rows, &outcomes, |_| None).is_ok());
    }
}
