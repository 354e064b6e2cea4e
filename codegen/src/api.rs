//! An API version as the emitter sees it: its types and operations, with everything already decided.

/// The type of a member, an argument or a body.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    Json,
    /// A generated type.
    Named(String),
    /// `Vec<…>`
    List(Box<Ty>),
    /// `BTreeMap<String, …>`
    Map(Box<Ty>),
    /// `Box<…>`: a generated type inside itself.
    Boxed(Box<Ty>),
    /// `()`: an answer without a body.
    Nothing,
}

/// One API version.
#[derive(Debug, Default)]
pub struct Api {
    /// `2025-01-01`
    pub version: String,
    /// The types, in the order of the specification.
    pub types: Vec<Type>,
    /// The operations, in the order of the specification.
    pub operations: Vec<Operation>,
    /// Event types and the payload type of each.
    pub events: Vec<(String, String)>,
}

/// A generated type.
#[derive(Debug)]
pub struct Type {
    /// Its Rust name.
    pub name: String,
    /// Its description.
    pub doc: String,
    /// Whether a request holds it.
    pub in_request: bool,
    /// What it is.
    pub shape: Shape,
}

/// What a type is.
#[derive(Debug)]
pub enum Shape {
    /// An object.
    Object(Vec<Member>),
    /// An open enumeration of strings, as (variant, value).
    Enum(Vec<(String, String)>),
    /// A union told apart by key.
    Union {
        /// The arms.
        arms: Vec<Arm>,
        /// The member that bodies may wrap the union in once more.
        wrapped_in: Option<String>,
    },
}

/// One arm of a union.
#[derive(Debug)]
pub struct Arm {
    /// Its Rust name.
    pub variant: String,
    /// The key that tells it.
    pub key: String,
    /// What the key holds.
    pub ty: Ty,
}

/// A member of an object.
#[derive(Debug)]
pub struct Member {
    /// Its name on the wire.
    pub name: String,
    /// Its Rust name.
    pub ident: String,
    /// Its type, without the `Option`.
    pub ty: Ty,
    /// Its description.
    pub doc: String,
    /// Whether a request must have it.
    pub required: bool,
    /// Whether its value is never shown.
    pub sensitive: bool,
    /// The JSON type that its Rust type hides.
    pub declared: Option<String>,
    /// Its limits.
    pub limits: Limits,
}

/// The limits of a member.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Fewest and most characters.
    pub length: (Option<u64>, Option<u64>),
    /// Fewest and most items or entries.
    pub count: (Option<u64>, Option<u64>),
    /// Smallest and largest number.
    pub range: (Option<i64>, Option<i64>),
    /// A regular expression.
    pub pattern: Option<String>,
}

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// Its id as published: `PGCreateOrder`.
    pub id: String,
    /// Other ids it was published under (`x-aliases`).
    pub aliases: Vec<String>,
    /// Its method: `create_order`.
    pub name: String,
    /// `POST`
    pub method: String,
    /// `/orders/{order_id}`
    pub path: String,
    /// Its summary and description.
    pub doc: String,
    /// Whether credentials are sent.
    pub credentials: bool,
    /// Its path arguments, in the order of the path.
    pub path_args: Vec<Argument>,
    /// Its query arguments.
    pub query_args: Vec<Argument>,
    /// What it sends.
    pub body: Body,
    /// What it answers.
    pub output: Ty,
}

/// A path or query argument.
#[derive(Debug)]
pub struct Argument {
    /// Its name on the wire.
    pub name: String,
    /// Its Rust name.
    pub ident: String,
    /// Its description.
    pub doc: String,
    /// Whether it must be given.
    pub required: bool,
    /// Whether it is money, which no float may become.
    pub money: bool,
}

/// What an operation sends.
#[derive(Debug)]
pub enum Body {
    /// Nothing.
    None,
    /// JSON.
    Json(Ty),
    /// A multipart form.
    Form(Vec<FormField>),
}

/// A field of a multipart form.
#[derive(Debug)]
pub struct FormField {
    /// Its name on the wire.
    pub name: String,
    /// Its Rust name.
    pub ident: String,
    /// Its description.
    pub doc: String,
    /// Whether it must be given.
    pub required: bool,
    /// Whether it is a file.
    pub file: bool,
}
