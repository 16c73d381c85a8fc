//! Where the prices of a run come from, in words.

use crate::report::count;

/// The bundled data, in a sentence.
const PROVENANCE: &str = "Daily open, high, low, close and volume of AAPL, FB, GOOG, IBM and MSFT from \
    2000-03-01 to 2013-03-01, 12,154 rows, as they were traded: Quandl WIKI prices, declared public domain by their \
    publisher, by way of the Python package bokeh_sampledata 2026.1. Splits are from public record and held against \
    the prices by a test.";

/// Where the prices come from. Files by their names; splits only if they were given.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// The data within the program.
    Bundled,
    /// Daily bars of whoever runs it.
    Files { bars: String, splits: Option<String> },
    /// Quotes that were recorded: so many, of so many instruments.
    Recording { recording: String, quotes: u64, instruments: usize, splits: Option<String> },
}

impl Origin {
    /// In a sentence, for reports.
    pub(crate) fn provenance(&self) -> String {
        match self {
            Self::Bundled => PROVENANCE.to_owned(),
            Self::Files { bars, splits: Some(splits) } => {
                format!(
                    "Daily open, high, low, close and volume from {bars}; splits from {splits}. The files of whoever ran this, taken as they are."
                )
            }
            Self::Files { bars, splits: None } => {
                format!(
                    "Daily open, high, low, close and volume from {bars}, without splits. The file of whoever ran this, taken as it is."
                )
            }
            Self::Recording { recording, quotes, instruments, splits } => {
                let splits = splits
                    .as_ref()
                    .map_or_else(|| "without splits".to_owned(), |splits| format!("splits from {splits}"));
                let (quotes, instruments) = (count(*quotes), count(*instruments as u64));
                format!(
                    "{quotes} quotes of {instruments} instruments from {recording}, told again in the order of recording; {splits}. The recording of whoever ran this, taken as it is."
                )
            }
        }
    }

    /// Were splits given, or are they known?
    pub(crate) const fn has_splits(&self) -> bool {
        match self {
            Self::Bundled => true,
            Self::Files { splits, .. } | Self::Recording { splits, .. } => splits.is_some(),
        }
    }
}
