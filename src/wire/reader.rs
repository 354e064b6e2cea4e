//! JSON text, read once from left to right.
//!
//! The cursor of this module is the only one that goes over a body. It checks what it passes, whether that is
//! kept or not: after the end of the last value the body is known to be JSON, as serde_json understands it, and
//! not too deep. What is wrong with a body that is not, and where, is found out by serde_json afterwards.

use std::borrow::Cow;

use super::path::Path;
use crate::types::outcome::DecodeError;

/// As deep as serde_json itself reads a `Value`.
pub(super) const DEEPEST: usize = 127;

/// A cursor over the text of a body.
///
/// Everything that reads from it takes whole values: what begins at the cursor is behind it afterwards.
pub(crate) struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    /// The text is the body's own; numbers have not been through a binary float.
    pub(super) exact: bool,
    /// How much memory what is read may still take. `[{},{},…]` is three bytes an item on the wire, and hundreds
    /// in memory: without a bound, a few megabytes of it take gigabytes.
    room: usize,
}

/// A place to come back to.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    at: usize,
    depth: usize,
    room: usize,
}

/// What every body may take, and what it may take for each of its bytes. Real ones take three or four.
const ROOM_AT_LEAST: usize = 16 << 20;
const ROOM_FOR_A_BYTE: usize = 8;
/// What a member that is kept aside takes beside its text.
pub(super) const ROOM_KEPT: usize = 128;

/// A string as it stands in the text.
#[derive(Clone, Copy)]
pub(super) struct Text<'t> {
    /// With its quotation marks.
    raw: &'t str,
    escaped: bool,
}

impl<'t> Text<'t> {
    /// What it says; none where that is half a surrogate pair, which is JSON but no text.
    pub(super) fn get(self) -> Option<Cow<'t, str>> {
        if self.escaped {
            return serde_json::from_str(self.raw).ok().map(Cow::Owned);
        }
        Some(Cow::Borrowed(self.raw.get(1..self.raw.len() - 1).unwrap_or_default()))
    }
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, exact: bool) -> Self {
        let room = text.trim_ascii().len().saturating_mul(ROOM_FOR_A_BYTE).saturating_add(ROOM_AT_LEAST);
        Self { text, at: 0, depth: 0, exact, room }
    }

    /// The first byte of what comes next, behind blanks. 0, which begins no value, at the end.
    pub(super) fn peek(&mut self) -> u8 {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return *byte;
            }
            self.at += 1;
        }
        0
    }

    /// The end of the text.
    pub(super) fn end(&mut self) -> Result<(), DecodeError> {
        self.peek();
        if self.at == self.text.len() { Ok(()) } else { Err(no_json()) }
    }

    pub(crate) fn mark(&mut self) -> Mark {
        self.peek();
        Mark { at: self.at, depth: self.depth, room: self.room }
    }

    pub(super) fn go_back(&mut self, mark: Mark) {
        Mark { at: self.at, depth: self.depth, room: self.room } = mark;
    }

    /// What stands between a mark and the cursor.
    pub(crate) fn since(&self, mark: Mark) -> &'t str {
        self.text.get(mark.at..self.at).unwrap_or_default()
    }

    /// Goes into an object or a list that begins here. False if nothing is in it: then it is behind the cursor.
    pub(super) fn enter(&mut self, close: u8) -> Result<bool, DecodeError> {
        self.at += 1;
        if self.peek() == close {
            self.at += 1;
            // As deep as any other.
            return if self.depth == DEEPEST { Err(no_json()) } else { Ok(false) };
        }
        self.depth += 1;
        if self.depth > DEEPEST { Err(no_json()) } else { Ok(true) }
    }

    /// Goes on behind a member or an item. False at the end of what it stands in.
    pub(super) fn goes_on(&mut self, close: u8) -> Result<bool, DecodeError> {
        let next = self.peek();
        self.at += 1;
        if next == b',' {
            Ok(true)
        } else if next == close {
            self.depth -= 1;
            Ok(false)
        } else {
            Err(no_json())
        }
    }

    /// Leaves an object or a list, after one of its values.
    pub(super) fn leave(&mut self, close: u8) -> Result<(), DecodeError> {
        while self.goes_on(close)? {
            if close == b'}' {
                self.name()?;
            }
            self.skip()?;
        }
        Ok(())
    }

    /// The name of a member.
    pub(super) fn name(&mut self) -> Result<Text<'t>, DecodeError> {
        if self.peek() != b'"' {
            return Err(no_json());
        }
        let name = self.string()?;
        if self.peek() != b':' {
            return Err(no_json());
        }
        self.at += 1;
        Ok(name)
    }

    /// The string that begins here.
    pub(super) fn string(&mut self) -> Result<Text<'t>, DecodeError> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut escaped = false;
        let mut at = start + 1;
        loop {
            at = end_of_plain(bytes, at);
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    at = end_of_escape(bytes, at).ok_or_else(no_json)?;
                }
                _ => return Err(no_json()),
            }
        }
        self.at = at + 1;
        Ok(Text { raw: self.text.get(start..self.at).unwrap_or_default(), escaped })
    }

    /// The number that begins here, to the letter.
    pub(super) fn number(&mut self) -> Result<&'t str, DecodeError> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut at = start + usize::from(bytes.get(start) == Some(&b'-'));
        at = match bytes.get(at) {
            Some(b'0') => at + 1,
            _ => digits(bytes, at).ok_or_else(no_json)?,
        };
        if bytes.get(at) == Some(&b'.') {
            at = digits(bytes, at + 1).ok_or_else(no_json)?;
        }
        if let Some(b'e' | b'E') = bytes.get(at) {
            at += 1;
            at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
            at = digits(bytes, at).ok_or_else(no_json)?;
        }
        self.at = at;
        Ok(self.text.get(start..at).unwrap_or_default())
    }

    /// `null`, `true` or `false`, whichever is expected here.
    pub(super) fn word(&mut self, word: &'static str) -> Result<(), DecodeError> {
        let found = self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes()));
        self.at += word.len();
        if found { Ok(()) } else { Err(no_json()) }
    }

    /// Whatever value begins here, to the letter.
    pub(super) fn skip(&mut self) -> Result<&'t str, DecodeError> {
        let next = self.peek();
        let start = self.at;
        match next {
            b'"' => drop(self.string()?),
            b'-' | b'0'..=b'9' => drop(self.number()?),
            b'n' => self.word("null")?,
            b't' => self.word("true")?,
            b'f' => self.word("false")?,
            b'{' if self.enter(b'}')? => {
                self.name()?;
                self.skip()?;
                self.leave(b'}')?;
            }
            b'[' if self.enter(b']')? => {
                self.skip()?;
                self.leave(b']')?;
            }
            b'{' | b'[' => {}
            _ => return Err(no_json()),
        }
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    /// How many items of a list begin here and later. The cursor stays.
    pub(super) fn items_left(&mut self) -> Result<usize, DecodeError> {
        let mark = self.mark();
        let mut count = 1;
        self.skip()?;
        while self.goes_on(b']')? {
            self.skip()?;
            count += 1;
        }
        self.go_back(mark);
        Ok(count)
    }

    /// Takes room for a value of a size.
    pub(super) fn make_room(&mut self, path: &Path<'_>, size: usize) -> Result<(), DecodeError> {
        self.check_room(path, 1, size)?;
        self.room -= size;
        Ok(())
    }

    /// Whether there is room for so many values of a size.
    pub(super) fn check_room(&self, path: &Path<'_>, count: usize, size: usize) -> Result<(), DecodeError> {
        if count.saturating_mul(size) <= self.room {
            return Ok(());
        }
        Err(DecodeError::new(path.to_string(), "no more values than fit into memory", "more"))
    }
}

/// Stands for whatever serde_json says about the body.
#[cold]
pub(super) fn no_json() -> DecodeError {
    DecodeError::new("$", "JSON", "something else")
}

/// Behind the digits that begin at a place, of which there is one at least.
fn digits(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    (at > start).then_some(at)
}

/// The next byte of a string that ends it, escapes something or must not stand in it as it is.
fn end_of_plain(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let found = special(*chunk);
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while bytes.get(at).copied().is_some_and(is_plain_byte) {
        at += 1;
    }
    at
}

/// Whether a text stands in a string as it is.
pub(super) fn is_plain(text: &[u8]) -> bool {
    // The last eight bytes may have been looked at before. It is quicker than one by one.
    let (chunks, last) = (text.as_chunks::<8>().0, text.last_chunk::<8>());
    match last {
        Some(last) => chunks.iter().all(|chunk| special(*chunk) == 0) && special(*last) == 0,
        None => text.iter().copied().all(is_plain_byte),
    }
}

fn is_plain_byte(byte: u8) -> bool {
    byte >= 0x20 && !matches!(byte, b'"' | b'\\')
}

/// The highest bit of the first of eight bytes that does not stand in a string as it is. 0 if all of them do.
fn special(chunk: [u8; 8]) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // A byte's highest bit is set where the byte is less than a bound; a borrow from the byte before sets more of
    // them, but only behind one that is set rightly.
    let below = |word: u64, bound: u64| word.wrapping_sub(ONES * bound) & !word;
    let word = u64::from_le_bytes(chunk);
    let quote = below(word ^ (ONES * u64::from(b'"')), 1);
    let backslash = below(word ^ (ONES * u64::from(b'\\')), 1);
    (quote | backslash | below(word, 0x20)) & (ONES * 0x80)
}

/// Behind the escape that begins at a backslash; none where it is none.
fn end_of_escape(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at + 1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(at + 2),
        b'u' => bytes.get(at + 2..at + 6)?.iter().all(u8::is_ascii_hexdigit).then_some(at + 6),
        _ => None,
    }
}
