//! `--state`: a file of everything that has happened, one line each, written before it is acknowledged.
//!
//! Played again, it makes the same world: nothing is lost but the last line of a machine that went down while
//! it was written, and of that nobody had heard yet.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Seek, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::input::Input;

/// The format of the file.
const FORMAT: u64 = 1;

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Entry<I> {
    /// Milliseconds since 1970, on the sandbox's clock.
    pub(super) at: i64,
    #[serde(flatten)]
    pub(super) input: I,
}

#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    /// How much of the file is whole lines.
    good: u64,
    /// There may be more in the file than that.
    torn: bool,
    /// What could not be written yet. It has happened all the same, and what is played again without it would
    /// become another world.
    unwritten: Vec<u8>,
}

/// A file that was there before.
#[derive(Debug)]
pub(super) struct Past {
    pub(super) seed: u64,
    pub(super) entries: Vec<Entry<Input>>,
}

impl Journal {
    /// Opens the file, or makes it with this seed. Answers what has happened before.
    pub(super) fn open(path: &Path, seed: u64) -> io::Result<(Self, Option<Past>)> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        let past = read(&mut file)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
        let good = file.metadata()?.len();
        let mut journal = Self { path: path.to_owned(), file, good, torn: false, unwritten: Vec::new() };
        if past.is_none() {
            journal.begin(seed)?;
        }
        Ok((journal, past))
    }

    fn begin(&mut self, seed: u64) -> io::Result<()> {
        self.line(&json!({ "cashfree_sandbox": FORMAT, "seed": seed }))
    }

    /// Writes an input; it is kept once this returns, with all that could not be written before.
    pub(super) fn write(&mut self, at: i64, input: &Input) -> io::Result<()> {
        self.line(&Entry { at, input })
    }

    /// Forgets everything.
    pub(super) fn reset(&mut self, seed: u64) -> io::Result<()> {
        (self.good, self.torn) = (0, true);
        self.unwritten.clear();
        self.begin(seed)
    }

    /// One write for a line, so that it is there as a whole or not at all. On a full disk a part of it may get
    /// there, which nothing may follow.
    fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        self.unwritten.extend(serde_json::to_vec(value)?);
        self.unwritten.push(b'\n');
        if self.torn {
            self.file.set_len(self.good)?;
        }
        self.torn = true;
        self.file.write_all(&self.unwritten)?;
        self.torn = false;
        self.good += self.unwritten.len() as u64;
        self.unwritten.clear();
        Ok(())
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// Reads what there is, and cuts off a last line that was not finished.
fn read(file: &mut File) -> io::Result<Option<Past>> {
    let mut reader = BufReader::new(&mut *file);
    let (mut line, mut good) = (Vec::new(), 0_u64);
    let mut past: Option<Past> = None;
    loop {
        line.clear();
        let count = reader.read_until(b'\n', &mut line)?;
        if count == 0 || !line.ends_with(b"\n") {
            break;
        }
        match &mut past {
            None => past = Some(Past { seed: seed_of(&line)?, entries: Vec::new() }),
            Some(past) => past.entries.push(serde_json::from_slice(&line).map_err(|error| {
                io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("line {}: {error}", past.entries.len() + 2),
                )
            })?),
        }
        good += count as u64;
    }
    drop(reader);
    file.set_len(good)?;
    file.seek(io::SeekFrom::End(0))?;
    Ok(past)
}

fn seed_of(line: &[u8]) -> io::Result<u64> {
    let head: serde_json::Value = serde_json::from_slice(line).unwrap_or_default();
    match (head["cashfree_sandbox"].as_u64(), head["seed"].as_u64()) {
        (Some(FORMAT), Some(seed)) => Ok(seed),
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, "is no state of this sandbox")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advance(millis: u64) -> Input {
        Input::Advance { millis }
    }

    #[test]
    fn what_was_written_is_read_and_a_broken_line_is_cut_off() {
        let path = std::env::temp_dir().join(format!("sandbox-journal-{}", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let (mut journal, past) = Journal::open(&path, 7).expect("opened");
        assert!(past.is_none());
        journal.write(1, &advance(5)).expect("written");
        drop(journal);
        let mut file = OpenOptions::new().append(true).open(&path).expect("there");
        file.write_all(b"{\"at\":2,\"do\":\"adv").expect("written");
        drop(file);
        let (mut journal, past) = Journal::open(&path, 8).expect("opened again");
        let past = past.expect("a past");
        assert_eq!((past.seed, past.entries.len(), past.entries[0].at), (7, 1, 1));
        journal.write(3, &advance(6)).expect("written");
        drop(journal);
        let (mut journal, past) = Journal::open(&path, 8).expect("opened");
        assert_eq!(past.map(|past| past.entries.len()), Some(2));
        journal.reset(9).expect("reset");
        let (journal, past) = Journal::open(&path, 8).expect("opened");
        assert_eq!(past.map(|past| (past.seed, past.entries.len())), Some((9, 0)));
        assert_eq!(journal.path(), path);
        std::fs::write(&path, "something else\n").expect("written");
        assert!(Journal::open(&path, 8).is_err());
        std::fs::remove_file(&path).expect("removed");
    }

    #[test]
    fn half_a_line_of_a_full_disk_is_written_anew_once_there_is_space() {
        let path = std::env::temp_dir().join(format!("sandbox-journal-full-{}", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let (mut journal, _) = Journal::open(&path, 7).expect("opened");
        journal.write(1, &advance(5)).expect("written");
        // To a file that is open for reading only, nothing can be written.
        let file = std::mem::replace(&mut journal.file, File::open(&path).expect("opened"));
        for at in [2, 3] {
            assert!(journal.write(at, &advance(6)).is_err());
            std::fs::write(&path, [std::fs::read(&path).expect("read"), b"{\"at\":".to_vec()].concat())
                .expect("written");
        }
        journal.file = file;
        journal.write(4, &advance(7)).expect("written");
        drop(journal);
        let (_, past) = Journal::open(&path, 8).expect("opened again");
        let times = past.expect("a past").entries.iter().map(|entry| entry.at).collect::<Vec<_>>();
        assert_eq!(times, [1, 2, 3, 4]);
        std::fs::remove_file(&path).expect("removed");
    }
}
