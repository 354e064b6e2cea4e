//! How arguments get into a request.

use super::{multipart::Upload, request::Draft};
use crate::wire::{Member, Path, Scalar, check_span};

/// Methods of the draft and not of the call: a call has the names of its
/// optional arguments for itself.
#[allow(dead_code)] // no version uses all of them
impl Draft {
    /// A value of the path.
    pub(crate) fn in_path<T: Scalar>(&mut self, member: &'static Member, value: T) {
        let text = self.checked(member, &value);
        self.path(member.name.into(), text);
    }

    /// A value that the path has and the form too.
    pub(crate) fn in_path_and_form<T: Scalar>(&mut self, member: &'static Member, value: T) {
        self.text(member.name, value.text());
        self.in_path(member, value);
    }

    /// A member of the query.
    pub(crate) fn in_query<T: Scalar>(&mut self, member: &'static Member, value: T) {
        let text = self.checked(member, &value);
        self.query(member.name.into(), text);
    }

    /// A member of the query that is there once for each value.
    pub(crate) fn each_in_query<T: Scalar>(&mut self, member: &'static Member, values: Vec<T>) {
        for text in self.all_checked(member, &values) {
            self.query(member.name.into(), text);
        }
    }

    /// A member of the query that holds all values, with commas.
    pub(crate) fn joined_in_query<T: Scalar>(&mut self, member: &'static Member, values: Vec<T>) {
        let text = self.all_checked(member, &values).join(",");
        self.query(member.name.into(), text);
    }

    /// A header.
    pub(crate) fn in_header<T: Scalar>(&mut self, member: &'static Member, value: T) {
        let text = self.checked(member, &value);
        self.header(member.name, &text);
    }

    /// A text of a form.
    pub(crate) fn in_form<T: Scalar>(&mut self, member: &'static Member, value: T) {
        let text = self.checked(member, &value);
        self.text(member.name, text);
    }

    /// A text of a form that is there once for each value.
    pub(crate) fn each_in_form<T: Scalar>(&mut self, member: &'static Member, values: Vec<T>) {
        for text in self.all_checked(member, &values) {
            self.text(member.name, text);
        }
    }

    /// Files of a form, all under one name.
    pub(crate) fn files(&mut self, name: &'static str, uploads: Vec<Upload>) {
        uploads.into_iter().for_each(|upload| self.file(name, upload));
    }

    /// The text of a value. A limit it breaks comes out of `send`.
    fn checked<T: Scalar>(&mut self, member: &'static Member, value: &T) -> String {
        value.check(member, &Path::Member(&Path::Root, member.name), &mut self.violations);
        value.text()
    }

    fn all_checked<T: Scalar>(&mut self, member: &'static Member, values: &[T]) -> Vec<String> {
        let path = Path::Member(&Path::Root, member.name);
        check_span(values.len(), member.count, "item", &path, &mut self.violations);
        let limits = member.of_items();
        for (index, value) in values.iter().enumerate() {
            value.check(&limits, &Path::Item(&path, index), &mut self.violations);
        }
        values.iter().map(Scalar::text).collect()
    }
}
