//! Brings in a specification as its vendor published it. Everything is prepared, down to generating the
//! version, before the first file is written.

use std::path::Path;

use anyhow::{Context, Result, bail};
use cashfree_codegen::{Fault, spec};
use serde_json::Value;

use crate::derive;
use crate::document::carry::carry;
use crate::document::lint;
use crate::document::repair::{Repair, repair};
use crate::document::review::review;
use crate::files::Files;
use crate::project::{Document, Project, features};
use crate::render::Comparison;

/// Imports `file` as `version` and prints what was repaired, what was carried over and what to look at.
pub(crate) fn import(project: &Project, file: &Path, version: Document) -> Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let mut document = spec::parse(&text).map_err(|fault| fault.in_file(file))?;
    let mut specs = project.specs()?;
    let former = specs.remove(&version);
    let former_model =
        former.as_ref().and_then(|former| cashfree_codegen::model(former, &version.to_string()).ok());
    let homeless = former.as_ref().map(|former| carry(former, &mut document)).unwrap_or_default();
    let repairs = repair(&mut document).map_err(|fault| fault.in_file(file))?;
    let faults = lint::lint(&document);
    if !faults.is_empty() {
        let faults: Vec<_> = faults.into_iter().map(|f| f.in_file(file).to_string()).collect();
        bail!("the document cannot be repaired:\n{}", faults.join("\n"));
    }

    specs.insert(version.clone(), document.clone());
    let models = derive::models(&specs, |v| if *v == version { file.into() } else { v.spec_file().into() })?;
    let mut files = derive::derived(project, &models)?;
    files.put(version.spec_file(), yaml(project, &version, &text, &document, former.as_ref())?);
    files.add(feature_and_module(project, &version)?);
    let stale = files.stale(project)?;
    stale.write(project)?;

    let model = &models[&version];
    report(&document, &repairs, &homeless, model);
    if let Some((former, _)) = former_model.filter(|_| former.as_ref() != Some(&document)) {
        println!(
            "What changes against the former {version}:\n{}",
            Comparison::of(&former, &model.api).text()
        );
    }
    if stale.is_empty() {
        println!("Nothing to write: {version} is as it was.");
    }
    stale.print_names();
    Ok(())
}

/// The text of the specification. A document that needed no repair keeps its own: the comments and the order of
/// whoever wrote it.
fn yaml(
    project: &Project,
    version: &Document,
    text: &str,
    document: &Value,
    former: Option<&Value>,
) -> Result<String> {
    if former == Some(document)
        && let Some(text) = project.read(version.spec_file())?
    {
        return Ok(text);
    }
    let is_json = serde_json::from_str::<Value>(text).is_ok();
    let is_as_it_came = spec::parse(text).is_ok_and(|parsed| parsed == *document);
    Ok(if is_as_it_came && !is_json { text.to_owned() } else { quoted(&yaml_serde::to_string(document)?) })
}

/// YAML with quotes around text that readers of YAML 1.1 take for a date, a time or a boolean.
fn quoted(yaml: &str) -> String {
    let is_moment = |value: &str| {
        let digits = value.as_bytes().iter().take(10).filter(|byte| byte.is_ascii_digit()).count();
        digits == 8 && value.get(4..5) == Some("-") && value.chars().all(|c| "0123456789-:T+.Z ".contains(c))
    };
    let is_boolean =
        |value: &str| ["y", "n", "yes", "no", "on", "off"].contains(&value.to_ascii_lowercase().as_str());
    let line = |line: &str| {
        let at = line.rfind(": ").map(|at| at + 2).or_else(|| line.find("- ").map(|at| at + 2));
        // A time has colons of its own, none of them with a blank behind it.
        match at.map(|at| line.split_at(at)) {
            Some((before, value)) if is_moment(value) || is_boolean(value) => format!("{before}'{value}'\n"),
            _ => format!("{line}\n"),
        }
    };
    let mut text_below = None;
    let each = |whole: &str| {
        let indent = whole.len() - whole.trim_start().len();
        if text_below.is_some_and(|depth| whole.trim().is_empty() || indent > depth) {
            return format!("{whole}\n");
        }
        text_below = begins_text(whole);
        line(whole)
    };
    yaml.lines().map(each).collect()
}

/// Where a line begins a text of several lines, how deep that stands which has the text: the lines of the text stand
/// deeper.
fn begins_text(line: &str) -> Option<usize> {
    let (before, mark) = line.rsplit_once(' ')?;
    let is_mark =
        mark.starts_with(['|', '>']) && mark.chars().skip(1).all(|c| matches!(c, '+' | '-' | '0'..='9'));
    if !is_mark || !before.ends_with([':', '-']) {
        return None;
    }
    let key = before.trim_start_matches([' ', '-']);
    Some(if key.is_empty() { before.len() - 1 } else { before.len() - key.len() })
}

/// The feature's line in Cargo.toml and the module, where they are missing.
fn feature_and_module(project: &Project, version: &Document) -> Result<Files> {
    let mut files = Files::default();
    let manifest = project.read("Cargo.toml")?.context("there is no Cargo.toml")?;
    if !features(&manifest)?.contains(version) {
        files.put("Cargo.toml", with_feature(&manifest, version)?);
    }
    if project.read(version.module_file())?.is_none() {
        files.put(version.module_file(), module(version));
    }
    Ok(files)
}

/// Cargo.toml with one line more, among the other versions in the order of their dates. Everything else, the
/// comments included, stays as it is.
fn with_feature(manifest: &str, version: &Document) -> Result<String> {
    let feature = version.feature();
    let mut known = features(manifest)?;
    known.retain(|document| !document.is_product());
    let is_version = |line: &&str| known.iter().any(|v| line.starts_with(&format!("{} =", v.feature())));
    let line = format!("{feature} = [\"generated\"]");
    let lines: Vec<&str> = manifest.lines().collect();
    let later = lines.iter().position(|l| is_version(l) && l.split(' ').next() > Some(feature.as_str()));
    let last = lines.iter().rposition(is_version).or(lines.iter().position(|l| *l == "[features]"));
    let at = match (later, last) {
        (Some(later), _) => later,
        (None, Some(last)) => last + 1,
        (None, None) => bail!("Cargo.toml has no [features]"),
    };
    let (before, after) = lines.split_at(at);
    let manifest = [before, &[line.as_str()], after].concat().join("\n") + "\n";
    if !features(&manifest)?.contains(version) {
        bail!("cannot add the feature {feature} to Cargo.toml; add it by hand: {line}");
    }
    Ok(manifest)
}

/// The module of a version; what is special about it is for a person to write.
fn module(version: &Document) -> String {
    let module = version.module();
    format!(
        "//! Document {version} of the API.\n\
         //!\n\
         //! Start with [`Cashfree::{module}`](crate::Cashfree::{module}).\n\
         \n\
         include!(concat!(env!(\"OUT_DIR\"), \"/{module}.rs\"));\n"
    )
}

fn report(document: &Value, repairs: &[Repair], homeless: &[String], model: &derive::Model) {
    let list = |title: &str, lines: &[(&str, &str)]| {
        if !lines.is_empty() {
            println!("{title} ({}):", lines.len());
            lines.iter().for_each(|(pointer, what)| println!("  {pointer}\n      {what}"));
            println!();
        }
    };
    let repaired = |look: bool| -> Vec<(&str, &str)> {
        let lines = repairs.iter().filter(|r| r.look == look);
        lines.map(|r| (r.pointer.as_str(), r.what.as_str())).collect()
    };
    list("Repaired", &repaired(false));
    list("Repaired by a guess: please look at these", &repaired(true));
    let open = review(document);
    let lines = |faults: &'_ [Fault]| -> Vec<(String, String)> {
        faults.iter().map(|f| (f.pointer.clone(), f.reason.clone())).collect()
    };
    let borrowed = |lines: &[(String, String)], title: &str| {
        list(title, &lines.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect::<Vec<_>>());
    };
    borrowed(&lines(&open), "Left as it is: please look at these");
    borrowed(&lines(&model.api.not_generated), "Not generated");
    let gone: Vec<_> = homeless.iter().map(|at| (at.as_str(), "its words have nowhere to go")).collect();
    list("In the former document only", &gone);
    if !model.stale.is_empty() {
        println!("Fixups to look at, in codegen/src/fixups ({}):", model.stale.len());
        model.stale.iter().for_each(|stale| println!("  {stale}"));
        println!();
    }
    if document.get("x-webhooks").is_none() {
        println!(
            "The document has no x-webhooks: this version has no typed webhook payloads until you list them.\n"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_yes_are_text() {
        let yaml =
            "a: 2025-01-01\nb:\n- 2030-02-28T23:59:59+05:30\nc: 2025-01-01 of old\nd: '2025-01-01'\n- yes\n";
        assert_eq!(
            quoted(yaml),
            "a: '2025-01-01'\nb:\n- '2030-02-28T23:59:59+05:30'\nc: 2025-01-01 of old\nd: '2025-01-01'\n- 'yes'\n"
        );
    }

    #[test]
    fn a_text_of_several_lines_stays_as_it_is() {
        for text in [
            "a: |-\n  answer: no\n\n  - 2025-01-01\n",
            "- b: >\n    when: 2025-01-01\n",
            "- |\n  answer: no\n",
            "  - - |2+\n      answer: no\n",
        ] {
            let yaml = format!("{text}c: no\n");
            assert_eq!(quoted(&yaml), format!("{text}c: 'no'\n"));
        }
        assert_eq!(quoted("- a: |\n    b: no\n  c: no\n"), "- a: |\n    b: no\n  c: 'no'\n");
    }

    #[test]
    fn a_feature_stands_among_the_others_by_date() {
        let manifest = "[features]\ndefault = []\n# Versions.\nv2022-09-01 = [\"generated\"]\nv2025-01-01 = [\"generated\"]\n# Other.\nx = []\n";
        let with = |version: &str| {
            with_feature(manifest, &version.parse().expect("a date")).expect("a manifest with features")
        };
        assert_eq!(
            with("2099-01-01"),
            manifest.replace("# Other", "v2099-01-01 = [\"generated\"]\n# Other"),
            "after the last"
        );
        assert_eq!(
            with("2023-08-01"),
            manifest.replace("v2025", "v2023-08-01 = [\"generated\"]\nv2025"),
            "between"
        );
        assert_eq!(
            with("2020-01-01"),
            manifest.replace("v2022", "v2020-01-01 = [\"generated\"]\nv2022"),
            "first"
        );
    }
}
