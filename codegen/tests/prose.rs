//! Whatever is generated says more than its name: somebody who reads the documentation of a member, a variant or
//! an error code wants to know what it means, and the name he has already.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cashfree_codegen::model::{Api, Place, Shape, Type};
use cashfree_codegen::spec;

/// Enumerations of names, which have no meaning beside what they name: banks, card networks, wallets and lenders.
/// Their variants are documented by the name in full.
const NAMES: [&str; 7] = [
    "AppProvider",
    "BankCode",
    "CardBankName",
    "CardNetwork",
    "CardlessEmiProvider",
    "EmiCardBankName",
    "PaylaterProvider",
];

/// Words that say nothing by themselves.
const FILLERS: [&str; 28] = [
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "has", "in", "is", "it", "its", "of", "on", "or",
    "s", "that", "the", "this", "to", "was", "what", "where", "which", "who", "with",
];

/// The words of a text or a name that say something, each in the singular and in small letters: those of
/// `orderID` are those of "the order's ids".
fn words(text: &str) -> BTreeSet<String> {
    let mut spaced = String::new();
    let mut before = ' ';
    for c in text.chars() {
        if c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit()) {
            spaced.push(' ');
        }
        spaced.extend(c.to_lowercase());
        before = c;
    }
    let words = spaced
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !FILLERS.contains(word));
    words.map(|word| word.strip_suffix('s').filter(|one| one.len() > 2).unwrap_or(word).to_owned()).collect()
}

/// Whether a text has a word that neither the name has nor that of whatever it is a part of.
fn says_more(doc: &str, name: &str, owner: &str) -> bool {
    let (name, owner) = (words(name), words(owner));
    words(doc).iter().any(|word| !name.contains(word) && !owner.contains(word))
}

/// What is not documented, by its path, with the words that it has.
#[derive(Default)]
struct Poor(BTreeMap<String, String>);

impl Poor {
    fn look(&mut self, doc: &str, owner: &str, name: &str) {
        if !says_more(doc, name, owner) {
            self.0.insert(format!("{owner}.{name}"), doc.to_owned());
        }
    }

    fn look_at_type(&mut self, ty: &Type) {
        self.look(&ty.doc, "", &ty.name);
        match &ty.shape {
            Shape::Object(members) => members.iter().for_each(|m| self.look(&m.doc, &ty.name, &m.name)),
            Shape::Union { arms, .. } => arms.iter().for_each(|arm| self.look(&arm.doc, &ty.name, &arm.key)),
            Shape::Enum(variants) if NAMES.contains(&ty.name.as_str()) => {
                let unnamed = variants.iter().filter(|variant| variant.doc.is_empty());
                unnamed.for_each(|variant| self.look("", &ty.name, &variant.value));
            }
            Shape::Enum(variants) => variants.iter().for_each(|v| self.look(&v.doc, &ty.name, &v.value)),
        }
    }
}

/// The model of every document, by its name.
fn models() -> Vec<(String, Api)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
    let files = |folder| std::fs::read_dir(folder).expect("a folder of specifications");
    let files =
        files(folder.join("products")).chain(files(folder)).map(|entry| entry.expect("a file").path());
    let model = |file: std::path::PathBuf| {
        let feature = file.file_stem().and_then(|s| s.to_str()).expect("a name such as v2025-01-01");
        let name = feature.strip_prefix('v').filter(|date| date.starts_with('2')).unwrap_or(feature);
        let spec = spec::load(&file).expect("a specification");
        (name.to_owned(), cashfree_codegen::model(&spec, name).expect("a model").0)
    };
    files.filter(|file| file.extension().is_some_and(|e| e == "yaml")).map(model).collect()
}

#[test]
fn whatever_is_generated_says_more_than_its_name() {
    let (mut poor, mut looked_at) = (BTreeMap::new(), 0);
    let mut names = BTreeSet::new();
    for (document, api) in models() {
        let mut here = Poor::default();
        for operation in &api.operations {
            here.look(&operation.doc, "", &operation.name);
            // A JSON body has no words but those of its type.
            for argument in operation.arguments().iter().filter(|argument| argument.place != Place::Json) {
                here.look(&argument.doc, &operation.name, &argument.name);
            }
        }
        api.types.iter().for_each(|ty| here.look_at_type(ty));
        looked_at += api.operations.len() + api.types.len();
        names.extend(api.types.into_iter().map(|ty| ty.name));
        poor.extend(here.0.into_iter().map(|(path, doc)| (format!("{document}: {path}"), doc)));
    }
    assert!(looked_at > 1_000, "the specifications were read: {looked_at}");
    assert!(poor.is_empty(), "{} say no more than their names: {poor:#?}", poor.len());
    for name in NAMES {
        assert!(names.contains(name), "no document has the enumeration `{name}` any more");
    }
}

#[test]
fn every_code_of_the_reference_data_says_more_than_its_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/codes");
    let (mut poor, mut looked_at) = (Poor::default(), 0);
    for file in ["errors.rs", "states.rs"] {
        let source = std::fs::read_to_string(folder.join(file)).expect("a source");
        let mut doc = String::new();
        for line in source.lines().map(str::trim) {
            if let Some(text) = line.strip_prefix("///") {
                doc += text;
            } else {
                let variant = line.strip_suffix("\",").and_then(|line| line.split_once(" = \""));
                if let Some((_, value)) = variant {
                    poor.look(&doc, "", value);
                    looked_at += 1;
                }
                doc.clear();
            }
        }
    }
    assert_eq!(looked_at, 9 + 121 + 5 + 8 + 35, "error types, error codes and states");
    assert!(poor.0.is_empty(), "{} say no more than their names: {:#?}", poor.0.len(), poor.0);
}

#[test]
fn a_name_in_other_words_is_not_enough() {
    for (doc, name, owner) in [
        ("", "order_id", ""),
        ("`order_id`", "order_id", ""),
        ("The order's ID.", "orderId", ""),
        ("Status of a refund.", "refund_status", ""),
        ("The refunds.", "data", "RefundList"),
        ("This is a refund.", "refund", ""),
    ] {
        assert!(!says_more(doc, name, owner), "{doc}");
    }
    for (doc, name) in
        [("Your own id for the order.", "order_id"), ("Unique.", "order_id"), ("A card.", "upi")]
    {
        assert!(says_more(doc, name, ""), "{doc}");
    }
}
