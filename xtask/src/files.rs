//! Files as they should be: compared with what is there, shown as a diff, and written all or none.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::project::Project;

/// What files should contain, by path from the root; `None` is a file that should not be there.
#[derive(Default)]
pub(crate) struct Files(BTreeMap<String, Option<String>>);

impl Files {
    pub(crate) fn put(&mut self, path: impl Into<String>, content: impl Into<String>) {
        self.0.insert(path.into(), Some(content.into()));
    }

    pub(crate) fn remove(&mut self, path: impl Into<String>) {
        self.0.insert(path.into(), None);
    }

    pub(crate) fn contains(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    pub(crate) fn add(&mut self, others: Files) {
        self.0.extend(others.0);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The files that are not as they should be.
    pub(crate) fn stale(mut self, project: &Project) -> Result<Self> {
        let mut current = BTreeMap::new();
        for path in self.0.keys() {
            current.insert(path.clone(), project.read(path)?);
        }
        self.0.retain(|path, content| current.get(path) != Some(content));
        Ok(self)
    }

    /// What would change, as a unified diff.
    pub(crate) fn print_diff(&self, project: &Project) -> Result<()> {
        for (path, content) in &self.0 {
            let (old, new) = (project.read(path)?.unwrap_or_default(), content.clone().unwrap_or_default());
            let diff = similar::TextDiff::from_lines(&old, &new);
            print!(
                "{}",
                diff.unified_diff().context_radius(3).header(&format!("a/{path}"), &format!("b/{path}"))
            );
        }
        Ok(())
    }

    pub(crate) fn print_names(&self) {
        for (path, content) in &self.0 {
            println!("{} {path}", if content.is_some() { "wrote" } else { "removed" });
        }
    }

    /// Writes every file, or none: what has been done when one fails is undone.
    pub(crate) fn write(&self, project: &Project) -> Result<()> {
        let mut steps: Vec<Step> = Vec::new();
        for (path, content) in &self.0 {
            let mut step = Step::of(project.path(path));
            let done = step.take(content.as_deref());
            steps.push(step);
            if let Err(error) = done {
                steps.iter().rev().for_each(Step::undo);
                return Err(error.context("nothing was changed"));
            }
        }
        steps.iter().for_each(Step::finish);
        Ok(())
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.to_path_buf().into_os_string();
    name.push(format!(".{ending}"));
    name.into()
}

/// One file on its way: the new one is written beside it, and the old one is kept until all are there.
struct Step {
    path: PathBuf,
    new: PathBuf,
    old: PathBuf,
    written: bool,
    kept: bool,
    placed: bool,
}

impl Step {
    fn of(path: PathBuf) -> Self {
        let (new, old) = (beside(&path, "new"), beside(&path, "old"));
        Self { new, old, path, written: false, kept: false, placed: false }
    }

    fn take(&mut self, content: Option<&str>) -> Result<()> {
        let what = || format!("writing {}", self.path.display());
        // What is there already is somebody's.
        if let Some(there) = [&self.new, &self.old].into_iter().find(|path| path.exists()) {
            bail!("{} is in the way", there.display());
        }
        if let Some(content) = content {
            let folder = self.path.parent().context("a file is in a folder")?;
            std::fs::create_dir_all(folder).with_context(what)?;
            self.written = true;
            std::fs::write(&self.new, content).with_context(what)?;
        }
        if self.path.exists() {
            std::fs::rename(&self.path, &self.old).with_context(what)?;
            self.kept = true;
        }
        if content.is_some() {
            std::fs::rename(&self.new, &self.path).with_context(what)?;
            self.placed = true;
        }
        Ok(())
    }

    /// Puts back what was there. What cannot be undone here was not done either.
    fn undo(&self) {
        if self.written {
            let _ = std::fs::remove_file(&self.new);
        }
        if self.placed {
            let _ = std::fs::remove_file(&self.path);
        }
        if self.kept {
            let _ = std::fs::rename(&self.old, &self.path);
        }
    }

    fn finish(&self) {
        if self.kept {
            let _ = std::fs::remove_file(&self.old);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_beside_a_file_stays_as_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
        let project = Project::at(folder.path());
        let read = |name: &str| project.read(name).expect("readable").unwrap_or_default();
        let mut files = Files::default();
        files.put("a.md", "after");
        files.put("b.md", "after");
        write("a.md", "before");
        write("b.md", "before");
        for ending in ["new", "old"] {
            let beside = format!("b.md.{ending}");
            write(&beside, "mine");
            files.write(&project).expect_err("something is in the way");
            assert_eq!([read("a.md"), read("b.md"), read(&beside)], ["before", "before", "mine"]);
            std::fs::remove_file(project.path(beside)).expect("still there");
        }
        files.write(&project).expect("nothing is in the way");
        assert_eq!([read("a.md"), read("b.md")], ["after", "after"]);
        assert_eq!(project.names_in("").expect("readable"), ["a.md", "b.md"]);
    }
}
