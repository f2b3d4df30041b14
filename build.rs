//! The tables of `src/gbk/gb18030.rs`, from encoding_rs. Linked, that crate brings the tables of every encoding: a hundred
//! kilobytes of the compressed module, where those of GB18030 are fifteen.

use std::{env, error::Error, fmt::Write, fs, path::Path};

use encoding_rs::GB18030;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let mut steps = String::new();
    for lead in 0x81..=0xFE {
        // Each row from 0 again, so that a pair is found in its row alone.
        let mut before = 0_u16;
        for trail in (0x40..=0x7E).chain(0x80..=0xFE) {
            let code = decoded(&[lead, trail]).ok_or("a pair without a character")?;
            // From one to the next, because most are neighbours: half the size, compressed.
            write!(steps, "{}, ", code.wrapping_sub(before))?;
            before = code;
        }
    }
    let mut runs = String::new();
    let mut run = None;
    // What follows has no characters, up to those beyond 16 bits, which need no table.
    for (pointer, bytes) in (0..=u16::MAX).zip(sequences()) {
        let offset = decoded(&bytes).map(|code| code.wrapping_sub(pointer));
        if run != Some(offset) {
            run = Some(offset);
            write!(runs, "({pointer}, {offset:?}), ")?;
        }
    }
    let mut moved = String::new();
    for c in '\u{80}'..='\u{FFFF}' {
        // Characters that were private once keep their old pairs, which others have now.
        if let [lead, trail] = *GB18030.encode(c.encode_utf8(&mut [0; 4])).0
            && decoded(&[lead, trail]).map(u32::from) != Some(c.into())
        {
            let pair = u16::from_be_bytes([lead, trail]);
            write!(moved, "({}, {pair}), ", u32::from(c))?;
        }
    }
    let to = env::var("OUT_DIR")?;
    let tables = format!(
        "static STEPS: &[u16] = &[{steps}];\nstatic RUNS: &[(u16, Option<u16>)] = &[{runs}];\n"
    );
    fs::write(Path::new(&to).join("gb18030_tables.rs"), tables)?;
    let moved = format!("static MOVED: &[(u16, u16)] = &[{moved}];\n");
    fs::write(Path::new(&to).join("gb18030_moved.rs"), moved)?;
    Ok(())
}

fn sequences() -> impl Iterator<Item = [u8; 4]> {
    let digits = || 0x30..=0x39;
    (0x81..=0xFE).flat_map(move |first| {
        digits().flat_map(move |second| {
            (0x81..=0xFE)
                .flat_map(move |third| digits().map(move |fourth| [first, second, third, fourth]))
        })
    })
}

/// The one character that these bytes are.
fn decoded(bytes: &[u8]) -> Option<u16> {
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
    let mut codes = text.encode_utf16();
    let code = codes.next()?;
    codes.next().is_none().then_some(code)
}
