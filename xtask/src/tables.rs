//! Tables for the terminal and for Markdown. No colours, no wrapping.

/// Rows of text under headings, aligned so that it reads well both raw and rendered.
pub(crate) fn markdown(headings: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = headings.iter().map(|heading| heading.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: &[String]| {
        let padded: Vec<String> =
            cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        format!("| {} |\n", padded.join(" | "))
    };
    let headings: Vec<String> = headings.iter().map(|&heading| heading.to_owned()).collect();
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let body: String = rows.iter().map(|row| line(row)).collect();
    format!("{}{}{body}", line(&headings), line(&rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [vec!["clippy".to_owned(), "1.0".to_owned()], vec!["fmt".to_owned(), "10.25".to_owned()]];
        assert_eq!(
            markdown(&["step", "seconds"], &rows),
            "| step   | seconds |\n| ------ | ------- |\n| clippy | 1.0     |\n| fmt    | 10.25   |\n"
        );
    }
}
