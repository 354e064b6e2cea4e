//! A call as a program writes it, made of the document's own example. It is compiled with the tests of the documentation,
//! so it has every argument that the call and its types must have, and nothing else.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use super::types::is_borrowed;
use crate::model::{Api, Operation, Place, Shape, Ty, Type};

/// How long a line may get.
const WIDTH: usize = 90;

/// The example of an operation; none where the document has no value for something that must be given.
pub(super) fn of(api: &Api, operation: &Operation) -> Option<String> {
    if operation.deprecated {
        return None;
    }
    let mut writer = Writer { api, uses: BTreeSet::new(), common: BTreeSet::new() };
    let mut arguments = Vec::new();
    for argument in operation.required() {
        let value = given(&argument.example, &argument.name);
        // A body is borrowed as what it is.
        let whole = argument.place == Place::Json;
        arguments.push(writer.expression(&argument.ty, &value, whole)?);
    }
    let call = Expression::call(format!("let answer = api.{}", operation.name), arguments).render(0);
    let module = module(&api.name);
    let mut lines = String::from("```no_run\n");
    let _ = writeln!(
        lines,
        "# async fn example(api: cashfree_pg::{module}::Client) -> Result<(), cashfree_pg::Error> {{"
    );
    for (path, names) in [("types".to_owned(), &writer.common), (format!("{module}::types"), &writer.uses)] {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match names.as_slice() {
            [] => {}
            [name] => drop(writeln!(lines, "use cashfree_pg::{path}::{name};")),
            names => drop(writeln!(lines, "use cashfree_pg::{path}::{{{}}};", names.join(", "))),
        }
    }
    let _ = write!(lines, "\n{call}.await?;\nprintln!(\"{{answer:?}}\");\n# Ok(())\n# }}\n```");
    Some(lines.replace("{\n\nlet", "{\nlet"))
}

/// The module of a version or product: `v2025_01_01`, `one_escrow`.
fn module(name: &str) -> String {
    let prefix = if name.starts_with(|c: char| c.is_ascii_digit()) { "v" } else { "" };
    format!("{prefix}{}", name.replace('-', "_"))
}

/// The example of an argument; of an id without one, a value that tells whose it is.
fn given(example: &Value, name: &str) -> Value {
    match (example, name.strip_suffix("_id")) {
        (Value::Null, Some(whose)) => Value::String(format!("{whose}_1")),
        _ => example.clone(),
    }
}

struct Writer<'a> {
    api: &'a Api,
    /// The generated types that it names.
    uses: BTreeSet<String>,
    /// Those of every version.
    common: BTreeSet<String>,
}

impl Writer<'_> {
    /// A value as it is given: what turns into the type where `whole` is not asked for, or else the type itself.
    fn expression(&mut self, ty: &Ty, value: &Value, whole: bool) -> Option<Expression> {
        let leaf = |text: String| Some(Expression::leaf(text));
        let text = |text: String| match (whole, ty) {
            (false, _) => leaf(text),
            (true, Ty::Text) => leaf(format!("{text}.to_owned()")),
            (true, _) => leaf(format!("{text}.into()")),
        };
        match (ty, value) {
            (Ty::Text | Ty::Id | Ty::Timestamp, Value::String(value)) => text(format!("{value:?}")),
            (Ty::Text | Ty::Id, Value::Number(number)) => text(format!("\"{number}\"")),
            (Ty::Amount, Value::Number(_) | Value::String(_)) => {
                self.common.insert("Amount".to_owned());
                leaf(amount(value)?)
            }
            // What an `Into<i64>` is given is an `i32`, unless it says otherwise.
            (Ty::Integer, Value::Number(number)) => {
                let number = number.as_i64()?;
                leaf(if i32::try_from(number).is_ok() { number.to_string() } else { format!("{number}_i64") })
            }
            (Ty::Bool, Value::Bool(value)) => leaf(value.to_string()),
            (Ty::Boxed(inner), value) => self.expression(inner, value, whole),
            (Ty::List(item), Value::Array(values)) if !values.is_empty() => {
                let items: Option<_> =
                    values.iter().map(|value| self.expression(item, value, whole)).collect();
                let open = if whole { "vec![" } else { "[" };
                Some(Expression { open: open.to_owned(), parts: items?, close: "]" })
            }
            (Ty::Named(name), value) => {
                let ty = self.api.get(name)?;
                self.named(ty, value)
            }
            _ => None,
        }
    }

    fn named(&mut self, ty: &Type, value: &Value) -> Option<Expression> {
        self.uses.insert(ty.name.clone());
        match &ty.shape {
            Shape::Enum(variants) => {
                let known = variants.iter().find(|variant| variant.value == *value)?;
                Some(Expression::leaf(format!("{}::{}", ty.name, known.name)))
            }
            Shape::Union { arms, .. } => {
                let arm = arms.iter().find(|arm| value.get(&arm.key).is_some())?;
                let held = self.expression(&arm.ty, &value[&arm.key], true)?;
                Some(Expression::call(format!("{}::{}", ty.name, arm.variant), vec![held]))
            }
            // Without a value there may be no end: a type can need itself.
            Shape::Object(_) if value.is_null() && !ty.required().is_empty() => None,
            Shape::Object(_) => {
                let mut arguments = Vec::new();
                for member in ty.required() {
                    let value = given(&value[&member.name], &member.name);
                    let by_name = ty.required_name.is_some();
                    let whole = by_name && !is_borrowed(&member.ty);
                    let written = self.expression(&member.ty, &value, whole)?;
                    arguments.push(if by_name {
                        written.after(&format!("{}: ", member.ident))
                    } else {
                        written
                    });
                }
                let new = format!("{}::new", ty.name);
                let Some(parts) = &ty.required_name else { return Some(Expression::call(new, arguments)) };
                self.uses.insert(parts.clone());
                let by_name = Expression { open: format!("{parts} {{ "), parts: arguments, close: " }" };
                Some(Expression::call(new, vec![by_name]))
            }
        }
    }
}

/// Money as a program writes it: whole rupees, or paise.
fn amount(value: &Value) -> Option<String> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let (rupees, fraction) = text.split_once('.').unwrap_or((&text, ""));
    if fraction.chars().all(|c| c == '0') {
        return Some(format!("Amount::from_rupees({})", rupees.parse::<i64>().ok()?));
    }
    let paise: i64 = format!("{rupees}{fraction:0<2}").parse().ok()?;
    (fraction.len() <= 2).then(|| format!("Amount::from_paise({paise})"))
}

/// An expression, on one line where it fits.
struct Expression {
    open: String,
    parts: Vec<Expression>,
    close: &'static str,
}

impl Expression {
    fn leaf(text: String) -> Self {
        Self { open: text, parts: Vec::new(), close: "" }
    }

    fn call(function: String, arguments: Vec<Self>) -> Self {
        Self { open: function + "(", parts: arguments, close: ")" }
    }

    /// The same behind a prefix.
    fn after(mut self, prefix: &str) -> Self {
        self.open.insert_str(0, prefix);
        self
    }

    fn render(&self, indent: usize) -> String {
        let one_line = self.one_line();
        if self.parts.is_empty() || indent + one_line.len() <= WIDTH {
            return one_line;
        }
        let inner = indent + 4;
        let parts = self.parts.iter().fold(String::new(), |mut parts, part| {
            let _ = write!(parts, "\n{:inner$}{},", "", part.render(inner));
            parts
        });
        format!("{}{parts}\n{:indent$}{}", self.open.trim_end(), "", self.close.trim_start())
    }

    fn one_line(&self) -> String {
        let parts: Vec<String> = self.parts.iter().map(Self::one_line).collect();
        format!("{}{}{}", self.open, parts.join(", "), self.close)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn money_is_written_without_a_float() {
        let written = [json!(1), json!(10.0), json!(10.5), json!("0.05"), json!(7.125)].map(|v| amount(&v));
        let expected = ["from_rupees(1)", "from_rupees(10)", "from_paise(1050)", "from_paise(005)"];
        assert_eq!(
            written[..3],
            expected[..3].iter().map(|e| Some(format!("Amount::{e}"))).collect::<Vec<_>>()
        );
        assert_eq!(written[3].as_deref(), Some("Amount::from_paise(5)"));
        assert_eq!(written[4], None, "no paise");
    }

    #[test]
    fn every_product_of_every_document_shows_a_call() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
        let files =
            |folder| std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
        let mut documents = 0;
        for file in files(folder.clone()).chain(files(folder.join("products"))) {
            if file.extension().is_none_or(|extension| extension != "yaml") {
                continue;
            }
            let name = file.file_stem().and_then(|stem| stem.to_str()).expect("a name");
            let version = name.strip_prefix('v').filter(|date| date.starts_with('2')).unwrap_or(name);
            let spec = crate::spec::load(&file).expect("a document");
            let (api, _) = crate::model(&spec, version).expect("a model");
            let groups: BTreeSet<_> = api.operations.iter().map(|operation| &operation.group).collect();
            let shown =
                |o: &&Operation| of(&api, o).is_some_and(|text| text.contains(&format!("api.{}(", o.name)));
            let with: BTreeSet<_> =
                api.operations.iter().filter(shown).map(|operation| &operation.group).collect();
            assert_eq!(with, groups, "{name}");
            documents += 1;
        }
        assert!(documents >= 10, "{documents}");
    }

    #[test]
    fn a_value_is_of_the_type_that_its_place_takes() {
        let text = |name: &str| format!("{name}: {{type: string, example: {name}}}");
        let document = format!(
            "openapi: 3.0.3
info: {{title: '', version: ''}}
paths:
  /a:
    post:
      operationId: makeA
      responses: {{'204': {{description: ''}}}}
      parameters: [{{name: count, in: query, required: true, example: 3000000000, schema: {{type: integer}}}}]
      requestBody:
        content:
          application/json:
            example: [{{a: a, b: b, c: c, d: d, tags: [x], way: {{e: e}}}}]
            schema:
              type: array
              items:
                type: object
                required: [a, b, c, d, tags, way]
                properties:
                  {}
                  tags: {{type: array, items: {{type: string}}}}
                  way: {{oneOf: [{{properties: {{e: {{type: string}}}}}}, {{properties: {{f: {{type: string}}}}}}]}}
",
            ["a", "b", "c", "d"].map(text).join("\n                  ")
        );
        let spec = crate::spec::parse(&document).expect("a document");
        let (api, _) = crate::model(&spec, "2099-01-01").expect("a model");
        let shown = of(&api, &api.operations[0]).expect("an example");
        let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        let call = "api.make_a( 3000000000_i64, vec![";
        assert!(flat.contains(call) && !flat.contains('&'), "{shown}");
        for part in ["a: \"a\",", "tags: vec![\"x\".to_owned()]", "::E(\"e\".to_owned())"] {
            assert!(flat.contains(part), "{part}: {shown}");
        }
    }

    #[test]
    fn what_is_too_long_has_a_line_for_each_part() {
        let long = || Expression::leaf(format!("{:?}", "x".repeat(50)));
        let call =
            Expression::call("f".to_owned(), vec![long(), Expression::call("g".to_owned(), vec![long()])]);
        assert_eq!(call.render(0), format!("f(\n    {0},\n    g({0}),\n)", long().one_line()));
    }
}
