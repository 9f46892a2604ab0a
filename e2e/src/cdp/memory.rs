//! Looks for things that must be gone: in the DOM, in JavaScript heaps and in wasm memories of page and workers.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use super::page::Page;
use needles::Needle;

/// One needle that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Name of the needle; never its content.
    pub needle: &'static str,
    /// Where, for people.
    pub place: String,
}

/// A V8 heap snapshot, as far as strings go. Names of internals are in the same table as the page's own strings, so
/// only nodes that are strings count.
#[derive(Deserialize)]
struct Snapshot {
    #[serde(rename = "snapshot")]
    header: Header,
    nodes: Vec<u64>,
    strings: Vec<String>,
}

#[derive(Deserialize)]
struct Header {
    meta: Meta,
}

#[derive(Deserialize)]
struct Meta {
    node_fields: Vec<String>,
    /// First the names of the node types, then the types of the other fields.
    node_types: Vec<Value>,
}

impl Snapshot {
    /// The strings that are alive: whole, joined or cut out of others (each at most 1,024 characters here).
    fn into_strings(self) -> Option<Vec<String>> {
        let Meta { node_fields, node_types } = self.header.meta;
        let place = |field: &str| node_fields.iter().position(|name| name == field);
        let (kind, name) = (place("type")?, place("name")?);
        let kinds = node_types.get(kind)?.as_array()?;
        let is_string = |node: &[u64]| {
            let index = usize::try_from(node[kind]).unwrap_or(usize::MAX);
            let kind = kinds.get(index).and_then(Value::as_str).unwrap_or_default();
            matches!(kind, "string" | "concatenated string" | "sliced string")
        };
        let nodes = self.nodes.chunks_exact(node_fields.len()).filter(|node| is_string(node));
        let names = nodes.filter_map(|node| usize::try_from(node[name]).ok());
        let wanted: BTreeSet<usize> = names.collect();
        let strings = self.strings.into_iter().enumerate();
        Some(strings.filter(|(index, _)| wanted.contains(index)).map(|(_, text)| text).collect())
    }
}

/// How much was looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Looked {
    /// Strings on JavaScript heaps.
    pub strings: usize,
    /// Bytes of wasm memories.
    pub wasm_bytes: usize,
    /// Workers beside the page.
    pub workers: usize,
}

impl Page {
    /// Searches DOM, heaps and wasm memories of the page and its workers.
    ///
    /// The order matters: needles travel to the browser only for the wasm memories, which is last.
    ///
    /// # Errors
    /// When the browser refuses or is gone.
    pub async fn search(&self, needles: &[Needle]) -> Result<(Vec<Found>, Looked)> {
        let mut found = self.search_dom(needles).await?;
        let mut looked = Looked::default();
        let mut sessions = vec![(self.session.clone(), "page".to_owned())];
        for worker in self.workers() {
            let name = worker.url.rsplit('/').next().unwrap_or_default().to_owned();
            sessions.push((worker.session, format!("worker {name}")));
        }
        looked.workers = sessions.len() - 1;
        for (session, place) in &sessions {
            let strings = self.heap_strings(session).await?;
            looked.strings += strings.len();
            for needle in needles {
                if let Some(hit) = strings.iter().find(|text| needle.is_in_text(text)) {
                    let around = needle.context(hit);
                    found.push(Found {
                        needle: needle.name,
                        place: format!("JavaScript heap of {place} ({around})"),
                    });
                }
            }
        }
        for (session, place) in &sessions {
            let (hits, bytes) = self.search_wasm(session, needles).await?;
            looked.wasm_bytes += bytes;
            for (needle, offset) in hits {
                found.push(Found { needle, place: format!("wasm memory of {place} at {offset}") });
            }
        }
        Ok((found, looked))
    }

    /// Everything that page and workers hold as text: what a page has before a visit does not come from a person.
    ///
    /// # Errors
    /// As [`Self::search`].
    pub async fn texts(&self) -> Result<Vec<String>> {
        let dom = self.evaluate(DOM_TEXT).await?;
        let mut texts: Vec<String> = serde_json::from_value(dom).context("no text of the DOM")?;
        texts.extend(self.heap_strings(&self.session).await?);
        for worker in self.workers() {
            texts.extend(self.heap_strings(&worker.session).await?);
        }
        Ok(texts)
    }

    async fn search_dom(&self, needles: &[Needle]) -> Result<Vec<Found>> {
        let text = self.evaluate(DOM_TEXT).await?;
        let pieces: Vec<&str> = text
            .as_array()
            .map_or_else(Vec::new, |all| all.iter().filter_map(Value::as_str).collect());
        let hits =
            needles.iter().filter(|needle| pieces.iter().any(|piece| needle.is_in_text(piece)));
        Ok(hits.map(|needle| Found { needle: needle.name, place: "DOM".to_owned() }).collect())
    }

    /// Every string on the JavaScript heap, after a collection (a snapshot begins with one).
    async fn heap_strings(&self, session: &str) -> Result<Vec<String>> {
        self.connection.events(|events| events.heap.remove(session));
        self.connection.call(Some(session), "HeapProfiler.enable", json!({})).await?;
        self.connection.call(Some(session), "HeapProfiler.collectGarbage", json!({})).await?;
        let options = json!({ "reportProgress": false, "captureNumericValue": false });
        self.connection.call(Some(session), "HeapProfiler.takeHeapSnapshot", options).await?;
        let text = self
            .connection
            .events(|events| events.heap.remove(session))
            .context("no heap snapshot came")?;
        self.connection.call(Some(session), "HeapProfiler.disable", json!({})).await?;
        let snapshot: Snapshot =
            serde_json::from_str(&text).context("the heap snapshot is not readable")?;
        snapshot.into_strings().context("the heap snapshot has another form than expected")
    }

    /// Needles in every `WebAssembly.Memory` of a session, with their offsets, and the bytes searched.
    async fn search_wasm(
        &self,
        session: &str,
        needles: &[Needle],
    ) -> Result<(Vec<(&'static str, u64)>, usize)> {
        let call = |method: &'static str, params: Value| {
            self.connection.call(Some(session), method, params)
        };
        let prototype = call(
            "Runtime.evaluate",
            json!({ "expression": "WebAssembly.Memory.prototype", "objectGroup": "e2e" }),
        )
        .await?;
        let query =
            json!({ "prototypeObjectId": prototype["result"]["objectId"], "objectGroup": "e2e" });
        let memories = call("Runtime.queryObjects", query).await?;
        let patterns: Vec<Vec<u8>> = needles.iter().flat_map(Needle::byte_forms).collect();
        let names: Vec<&'static str> = needles
            .iter()
            .flat_map(|needle| needle.byte_forms().into_iter().map(|_| needle.name))
            .collect();
        let search = json!({
            "objectId": memories["objects"]["objectId"], "functionDeclaration": SEARCH_MEMORIES,
            "arguments": [{ "value": patterns }], "returnByValue": true,
        });
        let answer = call("Runtime.callFunctionOn", search).await?;
        call("Runtime.releaseObjectGroup", json!({ "objectGroup": "e2e" })).await?;
        let value = &answer["result"]["value"];
        let hits =
            value["hits"].as_array().context("the search of wasm memories gave no answer")?;
        let bytes = value["bytes"]
            .as_u64()
            .and_then(|bytes| usize::try_from(bytes).ok())
            .unwrap_or_default();
        let hit = |hit: &Value| {
            let pattern = usize::try_from(hit[0].as_u64()?).ok()?;
            Some((*names.get(pattern)?, hit[1].as_u64()?))
        };
        Ok((hits.iter().filter_map(hit).collect(), bytes))
    }
}

/// Mark-up, text and values of all fields, shadow trees included, and what the page stores.
const DOM_TEXT: &str = r#"(() => {
    const pieces = [document.title, document.URL, document.cookie];
    const walk = root => {
        if (root.innerHTML !== undefined) pieces.push(root.innerHTML, root.textContent);
        for (const e of root.querySelectorAll("*")) {
            if (typeof e.value === "string") pieces.push(e.value);
            if (e.shadowRoot) walk(e.shadowRoot);
        }
    };
    walk(document.documentElement);
    for (const store of [localStorage, sessionStorage]) pieces.push(JSON.stringify({ ...store }));
    return pieces;
})()"#;

/// First offset of each pattern in each memory. Looks for a byte that is rare in memory first, then compares.
const SEARCH_MEMORIES: &str = r"function (patterns) {
    const hits = []; let bytes = 0;
    for (const memory of this) {
        const view = new Uint8Array(memory.buffer);
        bytes += view.length;
        patterns.forEach((pattern, index) => {
            const anchor = Math.max(0, pattern.findIndex(b => b > 1 && b !== 0xff));
            for (let at = view.indexOf(pattern[anchor]); at >= 0; at = view.indexOf(pattern[anchor], at + 1)) {
                let same = at >= anchor;
                for (let i = 0; same && i < pattern.length; i++) same = view[at - anchor + i] === pattern[i];
                if (same) { hits.push([index, at - anchor]); break; }
            }
        });
    }
    return { hits, bytes };
}";
