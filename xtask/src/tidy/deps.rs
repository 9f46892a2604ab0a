//! Dependencies point down. cargo itself answers who reaches whom.

use anyhow::Result;

use super::Problem;
use crate::command::{cargo, output};
use crate::{files, rustup};

/// A package that must not reach others.
struct Rule {
    package: &'static str,
    /// `None` for this machine.
    target: Option<&'static str>,
    /// A name, or the start of names when it ends with `-`.
    forbidden: &'static [&'static str],
    why: &'static str,
}

const RULES: [Rule; 11] = [
    Rule {
        package: "checkin",
        target: None,
        forbidden: &["serde", "serde_json", "tokio", "web-sys", "js-sys", "wasm-bindgen"],
        why: "the domain rules know no wire, clock, task or browser: convert at the border, in the shell that needs it",
    },
    Rule {
        package: "kiosk-web",
        target: Some(rustup::TARGET),
        forbidden: &["tract-", "tract", "face", "card-front"],
        why: "the screens must load fast: models belong into the worker",
    },
    Rule {
        package: "worker-messages",
        target: Some(rustup::TARGET),
        forbidden: &["face", "card-front", "web-sys", "leptos"],
        why: "words that page and worker share: neither what the one sees nor what the other shows belongs into them",
    },
    Rule {
        package: "bridge",
        target: None,
        forbidden: &["web-sys", "tract-", "tract"],
        why: "the bridge is native and never sees a face: move the code to the browser crates",
    },
    Rule {
        package: "kiosk-worker",
        target: Some(rustup::TARGET),
        forbidden: &["tract-", "tract"],
        why: "tract prepares the models; the engine in crates/face runs them, in a tenth of the bytes",
    },
    Rule {
        package: "face",
        target: Some(rustup::TARGET),
        forbidden: &["web-sys", "js-sys"],
        why: "the pipeline is pure: the worker talks to the browser for it",
    },
    Rule {
        package: "fuzz",
        target: None,
        forbidden: &["bridge"],
        why: "what reads a card is in crates/card: a test of it needs no program",
    },
    Rule {
        package: "simulation",
        target: None,
        forbidden: &["bridge"],
        why: "visits are turned without the program; what needs its store is in crates/kept",
    },
    Rule {
        package: "card",
        target: None,
        forbidden: &["pcsc", "pcsc-sys", "tokio"],
        why: "it speaks over whatever carries APDUs: readers are the bridge's",
    },
    Rule {
        package: "wire",
        target: None,
        forbidden: &["rusqlite", "tokio", "axum"],
        why: "it turns data into data: what needs the store or a task stays in the bridge",
    },
    Rule {
        package: "xtask",
        target: None,
        forbidden: &["pcsc", "pcsc-sys", "tract-", "tract"],
        why: "it installs what those need, so it cannot need it itself",
    },
];

pub(super) fn check() -> Result<Vec<Problem>> {
    let ours: Vec<String> = files::members()?
        .iter()
        .map(|member| files::package_name(member.as_ref()))
        .collect::<Result<_>>()?;
    let mut problems = Vec::new();
    for rule in &RULES {
        let reached = reached(rule)?;
        problems.extend(judge(rule, &reached));
        if rule.package == "checkin" {
            problems.extend(reached.iter().filter(|name| ours.contains(name)).map(|name| {
                format!(
                    "checkin depends on {name}: it depends on nothing of ours, others depend on it"
                )
            }));
        }
    }
    Ok(problems)
}

/// Everything below the package, itself excluded, tests excluded.
fn reached(rule: &Rule) -> Result<Vec<String>> {
    let mut tree = cargo();
    tree.args([
        "tree",
        "--package",
        rule.package,
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    if let Some(target) = rule.target {
        tree.args(["--target", target]);
    }
    let tree = output(&mut tree)?;
    let mut names: Vec<String> =
        tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names.retain(|name| name != rule.package && !name.is_empty());
    Ok(names)
}

fn judge(rule: &Rule, reached: &[String]) -> Vec<Problem> {
    let hit = |name: &&String| {
        rule.forbidden
            .iter()
            .any(|word| if word.ends_with('-') { name.starts_with(word) } else { name == word })
    };
    let problem = |name: &String| {
        format!(
            "{} reaches {name} (see `cargo tree -p {} -i {name}`): {}",
            rule.package, rule.package, rule.why
        )
    };
    reached.iter().filter(hit).map(problem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reached_name_is_told() {
        let screens = &RULES[1];
        let reached = ["leptos", "tract-onnx", "facet"].map(str::to_owned);
        let problems = judge(screens, &reached);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].contains("tract-onnx"), "{}", problems[0]);
    }
}
