//! The differences of two specifications, for a terminal and as a migration guide, with the names that
//! operations have in Rust.

use std::fmt::Write as _;

use cashfree_codegen::model::Api;

use crate::document::compare::{Address, Change, Fate, MemberChange, Subject, What, compare};

/// What changes between two specifications.
pub(crate) struct Comparison {
    changes: Vec<Change>,
}

impl Comparison {
    pub(crate) fn of(old: &Api, new: &Api) -> Self {
        Self { changes: compare(old, new) }
    }

    /// For a terminal: `+` comes, `-` goes, `~` changes, `!` needs attention.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for change in &self.changes {
            let title = match &change.subject {
                Subject::Operation(o) => format!("{} ({})", o.name, place(o)),
                Subject::Webhook(event) => format!("webhook {event}"),
            };
            let _ = match &change.fate {
                Fate::Added => writeln!(text, "+ {title}"),
                Fate::Removed => writeln!(text, "- {title}"),
                Fate::Moved { from } => writeln!(text, "~ {title}, was {} ({})", from.name, place(from)),
                Fate::Kept => writeln!(text, "~ {title}"),
            };
            change.facts.iter().for_each(|fact| text += &format!("    ! {fact}\n"));
            let response = if matches!(change.subject, Subject::Webhook(_)) { "payload" } else { "response" };
            for (part, members) in [("request", &change.request), (response, &change.response)] {
                for member in members {
                    let _ = writeln!(text, "    {part}: {}", member_text(member));
                }
            }
        }
        if text.is_empty() { "nothing changes\n".to_owned() } else { text }
    }

    /// A migration guide.
    pub(crate) fn markdown(&self, old: &str, new: &str) -> String {
        let mut text = format!(
            "# From {old} to {new}\n\n\
             Made from the two specifications by `cargo xtask regen`; edits are lost.\n\n\
             Operations go by their Rust method, members by their name on the wire: `a.b` is `b` inside `a`, `a[]` \
             every item of `a`, `a.*` every value of the map `a`. What is inside a member that comes, goes or \
             changes its type is not listed again. Types are those of the crate: an id is an `Id`, whether the \
             version writes it as text or as a number.\n\n"
        );
        let operations = |fate: fn(&Fate) -> bool| {
            self.changes
                .iter()
                .filter(move |c| matches!(c.subject, Subject::Operation(_)) && fate(&c.fate))
                .collect::<Vec<_>>()
        };
        table(&mut text, "New operations", &operations(|f| *f == Fate::Added));
        table(&mut text, "Operations that are no more", &operations(|f| *f == Fate::Removed));
        table(&mut text, "Operations elsewhere", &operations(|f| matches!(f, Fate::Moved { .. })));
        let has_members =
            |c: &&&Change| !c.facts.is_empty() || !c.request.is_empty() || !c.response.is_empty();
        let kept = operations(|f| matches!(f, Fate::Kept | Fate::Moved { .. }));
        sections(
            &mut text,
            "Operations that change",
            &kept.iter().filter(has_members).copied().collect::<Vec<_>>(),
        );

        let webhooks: Vec<_> =
            self.changes.iter().filter(|c| matches!(c.subject, Subject::Webhook(_))).collect();
        for (title, fate) in [("New webhooks", Fate::Added), ("Webhooks that are no more", Fate::Removed)] {
            let list: Vec<_> = webhooks.iter().filter(|c| c.fate == fate).collect();
            if !list.is_empty() {
                let _ = writeln!(text, "## {title}\n");
                list.iter().for_each(|c| text += &format!("- `{}`\n", name(c)));
                text.push('\n');
            }
        }
        let kept: Vec<_> = webhooks.into_iter().filter(|c| c.fate == Fate::Kept).collect();
        sections(&mut text, "Webhooks that change", &kept);
        if self.changes.is_empty() {
            text.push_str("Nothing changes.\n");
        }
        text.trim_end().to_owned() + "\n"
    }
}

/// Id, HTTP method and path.
fn place(o: &Address) -> String {
    format!("{} {} {}", o.id, o.method, o.path)
}

/// The name by which a change is spoken of: a method or an event type.
fn name(change: &Change) -> String {
    match &change.subject {
        Subject::Operation(o) => o.name.clone(),
        Subject::Webhook(event) => event.clone(),
    }
}

fn table(text: &mut String, title: &str, changes: &[&Change]) {
    if changes.is_empty() {
        return;
    }
    let _ = writeln!(text, "## {title}\n\n| Method | Operation | HTTP | Before |\n|---|---|---|---|");
    // Only what moved has a past.
    if changes.iter().all(|c| !matches!(c.fate, Fate::Moved { .. })) {
        text.truncate(text.len() - "| Before |\n|---|---|---|---|\n".len());
        text.push_str("|\n|---|---|---|\n");
    }
    for change in changes {
        let Subject::Operation(Address { name, id, method, path }) = &change.subject else { continue };
        let _ = write!(text, "| `{name}` | `{id}` | `{method} {path}` |");
        if let Fate::Moved { from } = &change.fate {
            let _ = write!(text, " `{}`: `{}` |", from.name, place(from));
        }
        text.push('\n');
    }
    text.push('\n');
}

fn sections(text: &mut String, title: &str, changes: &[&Change]) {
    if changes.is_empty() {
        return;
    }
    let _ = writeln!(text, "## {title}\n");
    // Many operations answer with the same body; what changes about it is told once.
    let mut told: Vec<(&[MemberChange], &str, String)> = Vec::new();
    for change in changes {
        let name = name(change);
        let _ = writeln!(text, "### `{name}`\n");
        let response = match &change.subject {
            Subject::Operation(Address { id, method, path, .. }) => {
                let _ = writeln!(text, "`{id}`, `{method} {path}`\n");
                "Response"
            }
            Subject::Webhook(_) => "Payload",
        };
        if !change.facts.is_empty() {
            change.facts.iter().for_each(|fact| *text += &format!("- It {fact}.\n"));
            text.push('\n');
        }
        for (part, members) in [("Request", &change.request), (response, &change.response)] {
            if members.is_empty() {
                continue;
            }
            let same = told.iter().find(|(m, p, _)| *m == members.as_slice() && *p == part);
            if let Some((_, _, other)) = same.filter(|_| members.len() > 2) {
                let _ = writeln!(text, "{part}: as in `{other}`.\n");
                continue;
            }
            told.push((members, part, name.clone()));
            let _ = writeln!(text, "{part}:\n");
            members.iter().for_each(|m| *text += &format!("- {}\n", member_markdown(m)));
            text.push('\n');
        }
    }
}

fn member_text(change: &MemberChange) -> String {
    let path = &change.path;
    match &change.what {
        What::Added { kind, required: true } => format!("! {path}: {kind}, new and required"),
        What::Added { kind, required: false } => format!("+ {path}: {kind}"),
        What::Removed { kind } => format!("- {path}: {kind}"),
        What::NowRequired => format!("! {path}: now required"),
        What::NowOptional => format!("~ {path}: no longer required"),
        What::Retyped { from, to } => format!("~ {path}: {from} -> {to}"),
        What::Deprecated(true) => format!("! {path}: deprecated"),
        What::Deprecated(false) => format!("~ {path}: no longer deprecated"),
        What::Limits { from, to } => format!("! {path}: {} -> {}", or_none(from), or_none(to)),
        What::Values { added, removed } => {
            let signed = |sign: char, values: &[String]| {
                values.iter().map(|v| format!("{sign}{v}")).collect::<Vec<_>>().join(" ")
            };
            let values = [signed('+', added), signed('-', removed)];
            let values: Vec<_> = values.into_iter().filter(|v| !v.is_empty()).collect();
            format!("~ {path}: values {}", values.join(" "))
        }
        What::Opened { were } => format!("~ {path}: any value, was {}", were.join(" ")),
        What::Closed { to } => format!("! {path}: only {}", to.join(" ")),
    }
}

fn member_markdown(change: &MemberChange) -> String {
    let path = &change.path;
    let list = |values: &[String]| values.iter().map(|v| format!("`{v}`")).collect::<Vec<_>>().join(", ");
    match &change.what {
        What::Added { kind, required: true } => format!("`{path}` is new and **required** ({kind})"),
        What::Added { kind, required: false } => format!("`{path}` is new ({kind})"),
        What::Removed { kind } => format!("`{path}` is gone (was {kind})"),
        What::NowRequired => format!("`{path}` is now **required**"),
        What::NowOptional => format!("`{path}` is no longer required"),
        What::Retyped { from, to } => format!("`{path}` was {from}, is {to}"),
        What::Deprecated(true) => format!("`{path}` is **deprecated**"),
        What::Deprecated(false) => format!("`{path}` is no longer deprecated"),
        What::Limits { from, to } => {
            format!("`{path}` has other limits: {} (was {})", code_or_none(to), code_or_none(from))
        }
        What::Values { added, removed } => match (added.is_empty(), removed.is_empty()) {
            (false, true) => format!("`{path}` has new values: {}", list(added)),
            (true, _) => format!("`{path}` has lost values: {}", list(removed)),
            (false, false) => {
                format!("`{path}` has new values: {}; and has lost: {}", list(added), list(removed))
            }
        },
        What::Opened { were } => format!("`{path}` takes any value, where it listed {}", list(were)),
        What::Closed { to } => format!("`{path}` lists its values: {}", list(to)),
    }
}

fn or_none(limits: &str) -> &str {
    if limits.is_empty() { "no limit" } else { limits }
}

fn code_or_none(limits: &str) -> String {
    if limits.is_empty() { "none".to_owned() } else { format!("`{limits}`") }
}
