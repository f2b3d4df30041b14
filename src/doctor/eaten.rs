//! The `&times` that an HTML entity ate.

use super::{
    evidence::Evidence,
    text::{Finding, text},
};

/// `×tamp`, wherever it is: in a source file, in a string that was signed, in a request.
pub(super) fn examine(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let request = evidence.request.iter().map(|text| ("request", text));
    let texts = evidence
        .texts
        .iter()
        .map(|text| (text.name.as_str(), &text.text));
    for (name, text_of) in request.chain(texts) {
        let Some(line) = text_of.lines().position(|line| line.contains("×tamp")) else {
            continue;
        };
        let line = line + 1;
        findings.push(
            Finding::error(
                "TIMES_TAMP",
                name,
                text(
                    format!("{name} 第 {line} 行有 ×tamp。"),
                    format!("{name} has ×tamp on line {line}."),
                ),
                text(
                    "网页把 &timestamp 里的 &times 当成 HTML 实体显示成了 ×。照着签名，微信返回 94003。",
                    "a page took the &times of &timestamp for HTML's ×. What is signed so is refused with 94003.",
                ),
                text(
                    "改成 &timestamp：签名串是 cert_serialno=…&timestamp=…。注释里的不影响运行。",
                    "make it &timestamp: what is signed is cert_serialno=…&timestamp=…. In a comment it does no harm.",
                ),
            )
            .likely(),
        );
    }
}
