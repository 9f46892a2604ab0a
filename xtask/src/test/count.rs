//! Counting tests in the output of cargo's test programs while showing it.

use std::io::{BufRead as _, BufReader};
use std::ops::Add;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// Tests that passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Tests that passed.
    pub(crate) passed: u32,
    /// Tests that failed.
    pub(crate) failed: u32,
}

impl Add for Count {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

/// What a stage gives: its count, and why it failed.
pub(crate) type Outcome = (Count, Option<anyhow::Error>);

/// A stage without tests inside counts as one.
pub(crate) fn as_one(result: Result<()>) -> Outcome {
    complete(Count::default(), result)
}

/// Runs a test command, showing its output and adding up its `test result:` lines.
pub(crate) fn counted(command: &mut Command) -> Outcome {
    let mut count = Count::default();
    let result = watch(command, |line| count = count + parse(line).unwrap_or_default());
    complete(count, result)
}

/// A success counts at least one test passed, a failure at least one failed (a build error names no test).
fn complete(mut count: Count, result: Result<()>) -> Outcome {
    match &result {
        Ok(()) if count == Count::default() => count.passed = 1,
        Err(_) if count.failed == 0 => count.failed = 1,
        _ => {}
    }
    (count, result.err())
}

fn watch(command: &mut Command, mut each: impl FnMut(&str)) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start {name}"))?;
    let stdout = child.stdout.take().context("the output is piped")?;
    for line in BufReader::new(stdout).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        println!("{line}");
        each(&line);
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("the tests failed ({status}); the details are above");
    }
    Ok(())
}

/// Reads cargo's `test result: ok. 12 passed; 0 failed; …` and the journeys' `12 passed, 0 failed`.
fn parse(line: &str) -> Option<Count> {
    if let Some((passed, failed)) = line.trim().split_once(" passed, ") {
        let failed = failed.strip_suffix(" failed")?.parse().ok()?;
        return Some(Count { passed: passed.parse().ok()?, failed });
    }
    let (_, numbers) = line.trim().strip_prefix("test result:")?.split_once(". ")?;
    let mut parts = numbers.split(';').map(str::trim);
    let passed = parts.next()?.strip_suffix(" passed")?.parse().ok()?;
    let failed = parts.next()?.strip_suffix(" failed")?.parse().ok()?;
    Some(Count { passed, failed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_are_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(parse(line), Some(Count { passed: 12, failed: 3 }));
        assert_eq!(parse("5 passed, 1 failed"), Some(Count { passed: 5, failed: 1 }));
        assert_eq!(parse("test a::b ... ok"), None);
    }

    #[test]
    fn a_stage_counts_at_least_once() {
        assert_eq!(as_one(Ok(())).0, Count { passed: 1, failed: 0 });
        let broken = complete(Count { passed: 4, failed: 0 }, Err(anyhow::anyhow!("build")));
        assert_eq!(broken.0, Count { passed: 4, failed: 1 });
    }
}
