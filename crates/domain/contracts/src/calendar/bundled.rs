//! The bundled calendars by name. The list below is written by `cargo xtask calendars`; the tables are read when they
//! are first asked for.

use super::market_calendar::Calendar;
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

macro_rules! tables {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../data/calendars/", $name, ".txt")))),*]
    };
}

/// Name and text, in the order of the names.
const TABLES: &[(&str, &str)] = tables! {
    "24-5"
    "24-7"
    "AIXK"
    "ASEX"
    "BVMF"
    "CBOE_Equity_Options"
    "CBOE_Futures"
    "CBOE_Index_Options"
    "CMEGlobex_Crypto"
    "CMEGlobex_EnergyAndMetals"
    "CMEGlobex_Equity"
    "CMEGlobex_FX"
    "CMEGlobex_FixedIncome"
    "CMEGlobex_Grains"
    "CMEGlobex_Livestock"
    "CMES"
    "CME_Agriculture"
    "CME_Bond"
    "CME_Equity"
    "CME_TradeDate"
    "EUREX_Bond"
    "FX"
    "ICEUS"
    "IEPA"
    "SIFMAJP"
    "SIFMAUK"
    "SIFMAUS"
    "XAMS"
    "XASX"
    "XBDA"
    "XBEL"
    "XBKK"
    "XBOG"
    "XBOM"
    "XBRA"
    "XBRU"
    "XBSE"
    "XBUD"
    "XBUE"
    "XCBF"
    "XCSE"
    "XCYS"
    "XDUB"
    "XDUS"
    "XEEE"
    "XETR"
    "XEUR"
    "XFRA"
    "XHAM"
    "XHEL"
    "XHKG"
    "XICE"
    "XIDX"
    "XIST"
    "XJSE"
    "XKAR"
    "XKLS"
    "XKRX"
    "XLIM"
    "XLIS"
    "XLIT"
    "XLJU"
    "XLON"
    "XLUX"
    "XMAD"
    "XMEX"
    "XMIL"
    "XMOS"
    "XNAS"
    "XNSE"
    "XNYS"
    "XNZE"
    "XOSL"
    "XPAR"
    "XPHS"
    "XPRA"
    "XRIS"
    "XSAU"
    "XSES"
    "XSGO"
    "XSHG"
    "XSTO"
    "XSTU"
    "XSWX"
    "XTAE"
    "XTAI"
    "XTAL"
    "XTKS"
    "XTSE"
    "XWAR"
    "XWBO"
    "XZAG"
};

struct Bundled {
    calendars: Vec<OnceLock<Calendar>>,
    by_name: HashMap<&'static str, usize>,
}

static BUNDLED: LazyLock<Bundled> = LazyLock::new(|| {
    let calendars = TABLES.iter().map(|_| OnceLock::new()).collect();
    let mut by_name = HashMap::new();
    for (index, (name, text)) in TABLES.iter().enumerate() {
        by_name.insert(*name, index);
        let aliases = text.lines().filter_map(|line| line.strip_prefix("alias "));
        by_name.extend(aliases.flat_map(|names| names.split(' ')).map(|alias| (alias, index)));
    }
    Bundled { calendars, by_name }
});

pub(super) fn find(name: &str) -> Option<&'static Calendar> {
    let bundled: &'static Bundled = &BUNDLED;
    let index = *bundled.by_name.get(name)?;
    let read = || Calendar::parse(TABLES[index].1).expect("every bundled calendar is parsed by a test");
    Some(bundled.calendars[index].get_or_init(read))
}

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_calendar_can_be_read_under_each_of_its_names() {
        for (name, text) in TABLES {
            let calendar = Calendar::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(calendar.name(), *name);
        }
        let aliases: usize = TABLES.iter().flat_map(|(_, text)| text.lines()).map(alias_count).sum();
        assert_eq!(BUNDLED.by_name.len(), TABLES.len() + aliases, "a name stands for two calendars");
        assert!(TABLES.is_sorted());
    }

    fn alias_count(line: &str) -> usize {
        line.strip_prefix("alias ").map_or(0, |names| names.split(' ').count())
    }
}
