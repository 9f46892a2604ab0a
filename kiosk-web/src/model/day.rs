//! The day view as a file for a spreadsheet.

/// Marks UTF-8 for programs that would otherwise guess.
const BOM: &str = "\u{feff}";

/// Lines of fields as RFC 4180 has them, in UTF-8 with its mark. A field that a spreadsheet would take for a formula is written as
/// text, with a `'` before it.
pub(crate) fn csv(lines: &[Vec<String>]) -> String {
    let mut text = BOM.to_owned();
    for line in lines {
        let fields: Vec<_> = line.iter().map(|field| quoted(field)).collect();
        text.push_str(&fields.join(","));
        text.push_str("\r\n");
    }
    text
}

fn quoted(field: &str) -> String {
    let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let field = if is_formula { format!("'{field}") } else { field.to_owned() };
    if field.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field
    }
}

/// Length of a bar in percent of the longest one.
pub(crate) fn bar(count: u32, most: u32) -> u32 {
    if most == 0 {
        0
    } else {
        u32::try_from(u64::from(count) * 100 / u64::from(most)).unwrap_or(100)
    }
}

/// `1:05` of 65 seconds, `1:00:00` of an hour.
pub(crate) fn duration(seconds: u32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_to_its_standard_and_runs_nothing() {
        let field = |text: &str| csv(&[vec![text.to_owned()]]);
        assert_eq!(csv(&[vec!["a".into(), "b".into()], vec!["1".into()]]), "\u{feff}a,b\r\n1\r\n");
        assert_eq!(field("say \"a, b\""), "\u{feff}\"say \"\"a, b\"\"\"\r\n");
        assert_eq!(field("two\nlines"), "\u{feff}\"two\nlines\"\r\n");
        for formula in ["=1+1", "+1", "-1", "@sum", "\t=1"] {
            assert!(field(formula).starts_with("\u{feff}'"), "{formula}");
        }
        assert_eq!(field("=\"a\""), "\u{feff}\"'=\"\"a\"\"\"\r\n");
    }

    #[test]
    fn bars_and_durations() {
        assert_eq!([bar(0, 0), bar(1, 3), bar(3, 3)], [0, 33, 100]);
        assert_eq!([0, 65, 3_600].map(duration), ["0:00", "1:05", "1:00:00"]);
    }
}
