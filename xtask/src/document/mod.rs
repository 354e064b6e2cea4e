//! What is done with a document before it is part of the project, and between two that are: tools of
//! maintainers, which no user's build has to compile.

pub(crate) mod carry;
pub(crate) mod compare;
pub(crate) mod fits;
pub mod lint;
pub(crate) mod repair;
pub(crate) mod review;
