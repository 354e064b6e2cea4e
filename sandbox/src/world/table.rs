//! Things by their ids, quick to find however many there are.

use std::collections::HashMap;
use std::ops::{Index, IndexMut};

/// Things in the order they came, found by an id of the caller's and by ids of ours. Nothing is ever taken
/// out, so a position stays what it is.
#[derive(Debug)]
pub(crate) struct Table<T> {
    rows: Vec<T>,
    by_id: HashMap<String, usize>,
    by_other: HashMap<String, usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), by_id: HashMap::new(), by_other: HashMap::new() }
    }
}

impl<T> Table<T> {
    /// Adds a thing under an id that is new; answers its position.
    pub(crate) fn insert(&mut self, id: impl Into<String>, row: T) -> usize {
        let at = self.rows.len();
        self.rows.push(row);
        self.by_id.insert(id.into(), at);
        at
    }

    /// Makes the thing known under another id, besides its first.
    pub(crate) fn alias(&mut self, id: impl Into<String>, at: usize) {
        self.by_other.insert(id.into(), at);
    }

    /// Where the thing with this id is.
    pub(crate) fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// Where the thing with this other id is.
    pub(crate) fn find_alias(&self, id: &str) -> Option<usize> {
        self.by_other.get(id).copied()
    }

    /// Forgets an id. The thing stays where it is, for those that hold its position.
    pub(crate) fn forget(&mut self, id: &str) {
        self.by_id.remove(id);
    }

    /// Forgets another id.
    pub(crate) fn forget_alias(&mut self, id: &str) {
        self.by_other.remove(id);
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// All there are, oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        self.rows.iter()
    }
}

impl<T> Index<usize> for Table<T> {
    type Output = T;

    fn index(&self, at: usize) -> &T {
        &self.rows[at]
    }
}

impl<T> IndexMut<usize> for Table<T> {
    fn index_mut(&mut self, at: usize) -> &mut T {
        &mut self.rows[at]
    }
}
