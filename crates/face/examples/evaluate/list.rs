//! Lists of pictures: comma-separated, strict, bounded. Every complaint names the line.

use std::fs;
use std::path::{Component, Path};

use anyhow::{Context as _, Result, ensure};

/// Largest accepted list in bytes.
const MAX_BYTES: u64 = 256 * 1024 * 1024;
/// Most rows.
const MAX_ROWS: usize = 2_000_000;
/// Longest line in bytes.
const MAX_LINE: usize = 16 * 1024;

/// A row and where it stands.
pub(crate) struct Row<const N: usize> {
    /// Counted from 1, the header being line 1.
    pub(crate) line: usize,
    /// As many as the header has.
    pub(crate) fields: [String; N],
}

/// Reads a list whose first line is exactly `header`.
///
/// # Errors
/// When it is too large, has another header, or a row has another number of fields.
pub(crate) fn read<const N: usize>(file: &Path, header: [&str; N]) -> Result<Vec<Row<N>>> {
    let name = file.display();
    let length = fs::metadata(file).with_context(|| format!("cannot open {name}"))?.len();
    ensure!(length <= MAX_BYTES, "{name} has {length} bytes, more than {MAX_BYTES}");
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {name} as UTF-8"))?;
    parse(&text, header).with_context(|| name.to_string())
}

fn parse<const N: usize>(text: &str, header: [&str; N]) -> Result<Vec<Row<N>>> {
    let mut lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines().zip(1..);
    let first = lines.next().map_or("", |(line, _)| line);
    ensure!(
        first == header.join(","),
        "line 1: the header must be `{}`, not `{first:.80}`",
        header.join(",")
    );
    let mut rows = Vec::new();
    for (text, line) in lines {
        ensure!(rows.len() < MAX_ROWS, "line {line}: more than {MAX_ROWS} rows");
        ensure!(text.len() <= MAX_LINE, "line {line}: longer than {MAX_LINE} bytes");
        ensure!(!text.contains('"'), "line {line}: quoted fields are not supported");
        let fields: Vec<String> = text.split(',').map(str::to_owned).collect();
        let found = fields.len();
        let fields = fields.try_into().ok().with_context(|| {
            format!("line {line}: expected {N} fields ({}), found {found}", header.join(","))
        })?;
        rows.push(Row { line, fields });
    }
    ensure!(!rows.is_empty(), "the list has no rows");
    Ok(rows)
}

/// Accepts a path below the root only.
///
/// # Errors
/// For an empty, absolute or climbing path, or one with control characters.
pub(crate) fn below_root(path: &str, line: usize) -> Result<()> {
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    ensure!(
        !path.is_empty()
            && path.len() <= 1024
            && !path.chars().any(char::is_control)
            && Path::new(path).components().all(plain),
        "line {line}: `{path:.80}` is not a path below the root"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use super::*;

    fn complaint(text: &str) -> String {
        parse(text, ["a", "b", "same"]).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn rows_know_their_line() {
        let rows = parse("a,b,same\r\nx.jpg,y.jpg|z.jpg,1\r\n", ["a", "b", "same"]).unwrap();
        assert_eq!((rows[0].line, rows[0].fields[1].as_str()), (2, "y.jpg|z.jpg"));
    }

    #[test]
    fn faults_name_the_line() {
        assert!(complaint("a,b\nx,y").starts_with("line 1: the header"));
        assert!(complaint("").starts_with("line 1: the header"));
        assert!(complaint("a,b,same\nx,y,1\nx,y").starts_with("line 3: expected 3 fields"));
        assert!(complaint("a,b,same\n\"x\",y,1").starts_with("line 2: quoted"));
        assert!(complaint("a,b,same\n").contains("no rows"));
    }

    #[test]
    fn paths_stay_below_the_root() {
        assert!(below_root("people/one.jpg", 2).is_ok());
        for path in ["", "/etc/passwd", "../one.jpg", "people/../../one.jpg", "one\0.jpg"] {
            assert!(below_root(path, 2).unwrap_err().to_string().starts_with("line 2"), "{path}");
        }
    }
}
