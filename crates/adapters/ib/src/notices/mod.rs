//! What the broker's codes mean.
//!
//! The table is data: `notices.csv`, one row for a code, with the meaning that holds in whatever language TWS speaks. A
//! row with phrases before it is a last resort for codes that mean several things: it applies when the text holds one
//! of them, and it must name several, since TWS speaks its user's language. A user's own table extends and overrides it
//! without a new build. A code that stands nowhere is [`Meaning::Unknown`]: it changes nothing, and a person should look.
//!
//! Left out: what is done about a notice.

mod meaning;
mod table;

pub use meaning::Meaning;
pub use table::{NotATable, NoticeTable};

use tradeport_connection::{Notice, NoticeClass};
use tradeport_kernel::Timestamp;

/// Something that the broker said, with what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The broker's number of it.
    pub code: i32,
    /// What it means.
    pub meaning: Meaning,
    /// The broker's own words.
    pub text: String,
}

impl Said {
    /// For the rest of the platform.
    #[must_use]
    pub fn notice(&self, at: Timestamp) -> Notice {
        Notice { class: self.class(), farm: self.farm().map(str::to_owned), text: self.to_string(), at }
    }

    /// The name of the data server that it speaks of: it stands behind the last colon, in every language.
    #[must_use]
    pub fn farm(&self) -> Option<&str> {
        let of_farm = matches!(
            self.class(),
            NoticeClass::FarmDown(_) | NoticeClass::FarmUp(_) | NoticeClass::FarmIdle(_)
        );
        of_farm.then(|| self.text.rsplit(':').next().unwrap_or_default().trim())
    }

    /// What it is to the rest of the platform.
    #[must_use]
    pub const fn class(&self) -> NoticeClass {
        self.meaning.class()
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (code {})", self.text, self.code)
    }
}

impl std::error::Error for Said {}
