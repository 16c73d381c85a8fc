//! Parts of a hand-written page that a chore writes: everything between `<!-- NAME:begin -->` and `<!-- NAME:end -->`.
//! The rest of the page is left byte for byte.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// The page with the part between the markers replaced.
pub(crate) fn replace(page: &str, name: &str, part: &str) -> Result<String> {
    let begin = format!("<!-- {name}:begin -->");
    let end = format!("<!-- {name}:end -->");
    let (Some(begins), Some(ends)) = (page.find(&begin), page.find(&end)) else {
        bail!("the page lacks `{begin}` or `{end}`");
    };
    let after_begin = begins + begin.len();
    if ends < after_begin {
        bail!("`{end}` stands before `{begin}`");
    }
    Ok(format!("{}\n\n{}\n\n{}", &page[..after_begin], part.trim(), &page[ends..]))
}

/// Writes the part into the page; a page that does not exist yet is created with a title and the markers.
pub(crate) fn write(file: &Path, title: &str, name: &str, part: &str) -> Result<()> {
    let page = if file.exists() {
        fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))?
    } else {
        format!("# {title}\n\n<!-- {name}:begin -->\n<!-- {name}:end -->\n")
    };
    let renewed = replace(&page, name, part).with_context(|| format!("in {}", file.display()))?;
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, renewed).with_context(|| format!("could not write {}", file.display()))
}

/// Whether the page already holds the part.
pub(crate) fn is_current(file: &Path, name: &str, part: &str) -> Result<bool> {
    let page = fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))?;
    let page = page.replace("\r\n", "\n");
    let renewed = replace(&page, name, part).with_context(|| format!("in {}", file.display()))?;
    Ok(renewed == page)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "before\n<!-- x:begin -->\nold\n<!-- x:end -->\nafter\n";

    #[test]
    fn only_the_part_between_the_markers_changes() {
        let renewed = replace(PAGE, "x", "new").unwrap();
        assert_eq!(renewed, "before\n<!-- x:begin -->\n\nnew\n\n<!-- x:end -->\nafter\n");
        assert_eq!(replace(&renewed, "x", "new").unwrap(), renewed);
    }

    #[test]
    fn missing_or_swapped_markers_are_refused() {
        assert!(replace("nothing here", "x", "new").is_err());
        assert!(replace("<!-- x:end -->\n<!-- x:begin -->", "x", "new").is_err());
    }
}
