//! An API version with everything decided: what it offers, what it is made of, and what each thing is
//! called in Rust. Code, outline, comparison and guides are made from this and from nothing else.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::error::Fault;

/// One API version, or one product beside the payments API.
#[derive(Debug, Default)]
pub struct Api {
    /// `2025-01-01`; of a product its name: `one-escrow`.
    pub name: String,
    /// What a product is called in words (`x-product`): `One Escrow`. A version is none.
    pub product: Option<String>,
    /// What goes into `x-api-version`; nothing does where it is empty.
    pub version: String,
    /// The operations, in the order of the document.
    pub operations: Vec<Operation>,
    /// The types, by name.
    pub types: Vec<Type>,
    /// The webhooks, in the order of the document.
    pub events: Vec<Event>,
    /// What the document says and the client does not do, each with its place.
    pub not_generated: Vec<Fault>,
}

impl Api {
    /// A type by its Rust name.
    pub fn get(&self, name: &str) -> Option<&Type> {
        self.types.binary_search_by(|ty| ty.name.as_str().cmp(name)).ok().map(|i| &self.types[i])
    }

    /// The members of an object type, by its Rust name; none for anything else.
    pub fn members(&self, ty: &Ty) -> &[Member] {
        match ty {
            Ty::Named(name) => match self.get(name).map(|ty| &ty.shape) {
                Some(Shape::Object(members)) => members,
                _ => &[],
            },
            _ => &[],
        }
    }
}

/// The type of a member, an argument or a body.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Ty {
    /// `String`
    Text,
    /// `Amount`
    Amount,
    /// `Id`
    Id,
    /// `Timestamp`
    Timestamp,
    /// `Decimal`
    Decimal,
    /// `i64`
    Integer,
    /// `bool`
    Bool,
    /// `serde_json::Value`
    #[default]
    Json,
    /// A file to send.
    Upload,
    /// A generated type: the pointer of its schema while the document is read, then its Rust name.
    Named(String),
    /// `Vec<…>`
    List(Box<Ty>),
    /// `BTreeMap<String, …>`
    Map(Box<Ty>),
    /// `Box<…>`: a generated type inside itself.
    Boxed(Box<Ty>),
    /// `()`: an answer without a body.
    Unit,
}

impl Ty {
    /// The name of the generated type in it, however deep.
    pub fn named(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::List(inner) | Self::Map(inner) | Self::Boxed(inner) => inner.named(),
            _ => None,
        }
    }

    /// The same, to change.
    pub fn named_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::Named(name) => Some(name),
            Self::List(inner) | Self::Map(inner) | Self::Boxed(inner) => inner.named_mut(),
            _ => None,
        }
    }

    /// The generated type it is or holds without a list or a map in between: the room it takes is part of
    /// the room that its holder takes.
    pub fn inside(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            _ => None,
        }
    }

    /// What a list holds; anything else itself.
    pub fn item(&self) -> &Self {
        match self {
            Self::List(item) => item,
            ty => ty,
        }
    }
}

/// How a value stands on the wire where its Rust type leaves that open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Form {
    /// As the Rust type says.
    #[default]
    Natural,
    /// A JSON number: an id or a phone number that this version declares as one.
    Number,
    /// A JSON string: an amount that this version declares as text.
    Text,
}

/// A generated type.
#[derive(Debug, Clone)]
pub struct Type {
    /// Its Rust name.
    pub name: String,
    /// The names of the component schemas that it stands for, where they are others.
    pub aliases: Vec<String>,
    /// The pointers of the schemas that it stands for, the first one first read.
    pub places: Vec<String>,
    /// Its description.
    pub doc: String,
    /// Whether a request holds it.
    pub sent: bool,
    /// The type that names what `new` takes, where its order would not tell: four texts in a row or more.
    pub required_name: Option<String>,
    /// What it is.
    pub shape: Shape,
}

impl Type {
    /// The members that a request must have, in order: what `new` takes.
    pub fn required(&self) -> Vec<&Member> {
        match &self.shape {
            Shape::Object(members) if self.sent => members.iter().filter(|member| member.required).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether `new` takes its arguments by name: four texts in a row are too easy to swap.
    pub(crate) fn new_by_name(&self) -> bool {
        let is_text = |member: &&Member| matches!(member.ty, Ty::Text | Ty::Id | Ty::Timestamp);
        let required = self.required();
        required.windows(4).any(|row| row.iter().all(is_text))
    }
}

/// What a type is.
#[derive(Debug, Clone)]
pub enum Shape {
    /// An object.
    Object(Vec<Member>),
    /// An open enumeration of strings.
    Enum(Vec<Variant>),
    /// A union told apart by key.
    Union {
        /// The arms.
        arms: Vec<Arm>,
        /// The member that bodies may wrap the union in once more.
        wrapped_in: Option<String>,
    },
}

impl Shape {
    /// The types in it.
    pub fn tys(&self) -> Vec<&Ty> {
        match self {
            Self::Object(members) => members.iter().map(|member| &member.ty).collect(),
            Self::Union { arms, .. } => arms.iter().map(|arm| &arm.ty).collect(),
            Self::Enum(_) => Vec::new(),
        }
    }

    /// The same, to change.
    pub fn tys_mut(&mut self) -> Vec<&mut Ty> {
        match self {
            Self::Object(members) => members.iter_mut().map(|member| &mut member.ty).collect(),
            Self::Union { arms, .. } => arms.iter_mut().map(|arm| &mut arm.ty).collect(),
            Self::Enum(_) => Vec::new(),
        }
    }
}

/// What a status says of what comes after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum End {
    /// Another may follow, or nothing is known of it.
    #[default]
    Open,
    /// None follows, and all is well.
    Success,
    /// None follows, and it came to nothing.
    Failure,
}

/// A value of an enumeration.
#[derive(Debug, Clone, Default)]
pub struct Variant {
    /// Its Rust name.
    pub name: String,
    /// The text on the wire.
    pub value: String,
    /// What it means (`x-enum-descriptions`).
    pub doc: String,
    /// What it says of what comes after it, where it is a status.
    pub end: End,
}

/// One arm of a union.
#[derive(Debug, Clone, Default)]
pub struct Arm {
    /// Its Rust name.
    pub variant: String,
    /// The key that tells it.
    pub key: String,
    /// What the key holds.
    pub ty: Ty,
    /// How it stands on the wire.
    pub form: Form,
    /// What the key holds, in words.
    pub doc: String,
    /// Who may see it.
    pub exposure: Exposure,
    /// Its limits.
    pub limits: Limits,
}

/// A member of an object.
#[derive(Debug, Clone, Default)]
pub struct Member {
    /// Its name on the wire.
    pub name: String,
    /// Its field.
    pub ident: String,
    /// Its setter.
    pub setter: String,
    /// What it holds, without the `Option`.
    pub ty: Ty,
    /// How it stands on the wire.
    pub form: Form,
    /// Its description.
    pub doc: String,
    /// Whether a request must have it.
    pub required: bool,
    /// Whether only answers have it: nobody sets it.
    pub read_only: bool,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// Who may see it.
    pub exposure: Exposure,
    /// Whether every published answer of the type has it.
    pub always: bool,
    /// Its limits.
    pub limits: Limits,
}

/// Who may see a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Exposure {
    /// Everybody.
    #[default]
    Open,
    /// Nobody, unless the user asks for personal data in logs.
    Personal,
    /// Nobody.
    Secret,
}

/// The limits of a value.
#[derive(Debug, Default, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Limits {
    /// Fewest and most characters.
    pub length: (Option<u32>, Option<u32>),
    /// Fewest and most items or entries.
    pub count: (Option<u32>, Option<u32>),
    /// Smallest and largest number.
    pub range: (Option<i64>, Option<i64>),
    /// A regular expression.
    pub pattern: Option<String>,
    /// The limits of each item of a list or value of a map.
    pub items: Option<Box<Limits>>,
}

/// An operation.
#[derive(Debug, Clone, Default)]
pub struct Operation {
    /// Its id as published: `PGCreateOrder`.
    pub id: String,
    /// Other ids it was published under (`x-aliases`).
    pub aliases: Vec<String>,
    /// Its method: `create_order`.
    pub name: String,
    /// The type that stands for it: `CreateOrder`.
    pub marker: String,
    /// The product it belongs to: its first tag.
    pub group: String,
    /// `POST`
    pub method: String,
    /// `/orders/{order_id}`
    pub path: String,
    /// Its pointer in the document.
    pub place: String,
    /// Its summary and description.
    pub doc: String,
    /// The credentials it takes, one of them at a time; none are sent where it is empty.
    pub credentials: Vec<Scheme>,
    /// The marker of the operation that answers the bearer token it takes (`x-token-operation`).
    pub token: Option<String>,
    /// Whether a repeat is known by its idempotency key.
    pub keyed: bool,
    /// Whether it changes nothing, whatever its HTTP method (`x-read-only`).
    pub reads: bool,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// What it takes, in the order in which it is asked for: see [`Operation::arguments`].
    pub(crate) arguments: Vec<Argument>,
    /// Where it sends its body, if it has one.
    pub body: Body,
    /// What it answers.
    pub output: Ty,
    /// The statuses that are documented, each with whether it has a body.
    pub statuses: Vec<(String, bool)>,
    /// How its pages are followed.
    pub pages: Option<Pages>,
}

impl Operation {
    /// What it takes, required before optional: path, query, body, form. Methods, setters, registry, outline
    /// and documentation all follow this list.
    pub fn arguments(&self) -> &[Argument] {
        &self.arguments
    }

    /// What its method takes.
    pub fn required(&self) -> impl Iterator<Item = &Argument> {
        self.arguments.iter().filter(|argument| argument.required)
    }

    /// What setters of the call take.
    pub fn optional(&self) -> impl Iterator<Item = &Argument> {
        self.arguments.iter().filter(|argument| !argument.required)
    }

    /// The JSON body.
    pub fn json(&self) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.place == Place::Json)
    }
}

/// A kind of credentials: the headers that say who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    /// `x-client-id` and `x-client-secret`
    Merchant,
    /// `x-client-id` and `x-client-signature`
    MerchantSigned,
    /// `x-client-id` and `x-partner-apikey`
    Partner,
    /// `x-partner-merchantid` and `x-partner-apikey`
    PartnerMerchant,
    /// `x-partner-apikey`
    PartnerKey,
    /// `authorization`, with a token
    Bearer,
}

impl Scheme {
    /// What an account has: each operation of the payments API takes any of these.
    pub const ACCOUNT: [Self; 4] =
        [Self::Merchant, Self::MerchantSigned, Self::Partner, Self::PartnerMerchant];

    /// The kind whose headers are these, in the order of the alphabet.
    pub(crate) fn of(headers: &[&str]) -> Option<Self> {
        Some(match headers {
            ["x-client-id", "x-client-secret"] => Self::Merchant,
            ["x-client-id", "x-client-signature"] => Self::MerchantSigned,
            ["x-client-id", "x-partner-apikey"] => Self::Partner,
            ["x-partner-apikey", "x-partner-merchantid"] => Self::PartnerMerchant,
            ["x-partner-apikey"] => Self::PartnerKey,
            ["authorization"] => Self::Bearer,
            _ => return None,
        })
    }
}

/// What an operation sends as its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Body {
    /// Nothing.
    #[default]
    None,
    /// JSON.
    Json,
    /// A multipart form.
    Form,
    /// A multipart form whose fields the document does not list: the caller names them.
    OpenForm,
}

/// Where an argument goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Into the path.
    Path,
    /// Into the query: a list as one pair for each item.
    Query,
    /// Into the query: a list as one pair, with commas.
    QueryJoined,
    /// Into a header.
    Header,
    /// It is the JSON body.
    Json,
    /// Into the form.
    Form,
}

impl Place {
    /// In which order arguments are asked for.
    pub(crate) fn rank(self) -> u8 {
        match self {
            Self::Path => 0,
            Self::Query | Self::QueryJoined => 1,
            Self::Header => 2,
            Self::Json => 3,
            Self::Form => 4,
        }
    }
}

/// What an operation takes.
#[derive(Debug, Clone)]
pub struct Argument {
    /// Its name on the wire.
    pub name: String,
    /// Its Rust name: of the argument, or of the setter.
    pub ident: String,
    /// Where it goes.
    pub place: Place,
    /// Whether the form has it too, beside the path: one value serves both.
    pub also_in_form: bool,
    /// What it holds.
    pub ty: Ty,
    /// Its description.
    pub doc: String,
    /// Whether it must be given.
    pub required: bool,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// Its limits.
    pub limits: Limits,
    /// The value that the document gives as an example; null where it gives none.
    pub example: Value,
}

/// How the pages of an operation are followed: by `pagination.cursor` in the request.
#[derive(Debug, Clone)]
pub struct Pages {
    /// What the pages hold.
    pub item: Ty,
    /// The answer's field with the cursor of the next page.
    pub cursor: String,
    /// The answer's field with the items.
    pub data: String,
}

/// A webhook.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its type: `PAYMENT_SUCCESS_WEBHOOK`.
    pub name: String,
    /// The type of its payload.
    pub payload: Ty,
}

/// The types that can be reached from the given ones, themselves included.
pub fn reachable<'a>(find: impl Fn(&str) -> Option<&'a Type>, from: Vec<&'a str>) -> BTreeSet<&'a str> {
    let mut todo = from;
    let mut reached = BTreeSet::new();
    while let Some(name) = todo.pop() {
        if let (true, Some(ty)) = (reached.insert(name), find(name)) {
            todo.extend(ty.shape.tys().into_iter().filter_map(Ty::named));
        }
    }
    reached
}
