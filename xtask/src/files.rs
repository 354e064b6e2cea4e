//! Files as they should be: compared with what is there, shown as a diff, and written all or none.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result};

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

    /// Writes every file, or none: each is written beside its place first, and then all are moved there.
    pub(crate) fn write(&self, project: &Project) -> Result<()> {
        let mut prepared: Vec<(PathBuf, PathBuf)> = Vec::new();
        let result = self.prepare(project, &mut prepared);
        if result.is_err() {
            for (beside, _) in &prepared {
                let _ = std::fs::remove_file(beside);
            }
        }
        result?;
        for (beside, path) in &prepared {
            std::fs::rename(beside, path).with_context(|| format!("writing {}", path.display()))?;
        }
        for (path, _) in self.0.iter().filter(|(_, content)| content.is_none()) {
            let path = project.path(path);
            std::fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
        }
        Ok(())
    }

    fn prepare(&self, project: &Project, prepared: &mut Vec<(PathBuf, PathBuf)>) -> Result<()> {
        for (path, content) in &self.0 {
            let Some(content) = content else { continue };
            let path = project.path(path);
            let mut beside = path.clone().into_os_string();
            beside.push(".new");
            let beside = PathBuf::from(beside);
            prepared.push((beside.clone(), path.clone()));
            let folder = path.parent().context("a file is in a folder")?;
            std::fs::create_dir_all(folder)
                .and_then(|()| std::fs::write(&beside, content))
                .with_context(|| format!("writing {}", path.display()))?;
        }
        Ok(())
    }
}
