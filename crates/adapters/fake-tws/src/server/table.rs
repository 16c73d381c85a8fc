//! What is served, as a table of Markdown for the documents.

use super::served::{SERVED, Truth};
use crate::wire::{Answer, Request};
use std::fmt::Write as _;

/// One line for each request of the API, with what is served and how truly.
#[must_use]
pub fn served_table() -> String {
    let mut table = String::from("| no. | request | how | what | answers |\n|---|---|---|---|---|\n");
    for row in SERVED {
        let call = name(Request::ALL, row.request);
        let answers: Vec<String> =
            row.answers.iter().map(|id| name(Answer::ALL, *id).to_lowercase()).collect();
        let (request, what, answers) = (row.request, row.what, answers.join(", "));
        // A string takes everything.
        writeln!(table, "| {request} | {call} | {} | {what} | {answers} |", how(row.truth))
            .unwrap_or_default();
    }
    table
}

fn name(all: &'static [(i32, &'static str)], id: i32) -> &'static str {
    all.iter().find(|(number, _)| *number == id).map_or("", |(_, name)| name)
}

const fn how(truth: Truth) -> &'static str {
    match truth {
        Truth::Real => "real",
        Truth::Synthetic => "made up",
        Truth::Refused => "refused",
        Truth::Silent => "silent",
    }
}
