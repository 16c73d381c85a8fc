//! The document of what can be scanned for.

use super::codes::{CODES, Code, INSTRUMENTS, Instrument, LOCATIONS, Location, Measure};
use super::filters::{FILTERS, Filter};
use crate::translate::xml::escaped;

/// Instruments, places, scans and filters: everything in it is served.
pub(super) fn document() -> String {
    let instruments: String = INSTRUMENTS.iter().map(instrument).collect();
    let places: String = INSTRUMENTS.iter().map(places).collect();
    let scans: String = CODES.iter().map(scan).collect();
    let filters: String = FILTERS.iter().map(filter).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ScanParameterResponse>\n\
         <InstrumentList varName=\"instrumentList\">\n{instruments}</InstrumentList>\n\
         <LocationTree varName=\"locationTree\">\n{places}</LocationTree>\n\
         <ScanTypeList varName=\"scanTypeList\">\n{scans}</ScanTypeList>\n\
         <FilterList varName=\"filterList\">\n{filters}</FilterList>\n</ScanParameterResponse>\n"
    )
}

fn instrument(instrument: &Instrument) -> String {
    let (name, code) = (escaped(instrument.name), instrument.code);
    let filters = FILTERS.iter().map(|filter| filter.tag).collect::<Vec<_>>().join(",");
    format!(
        "<Instrument><name>{name}</name><type>{code}</type><filters>{filters}</filters><group>{code}</group>\
         <shortName>{name}</shortName></Instrument>\n"
    )
}

/// The places of one instrument lie in its first one.
fn places(instrument: &Instrument) -> String {
    let mut places = LOCATIONS.iter().filter(|place| place.instrument == instrument.code);
    let Some(whole) = places.next() else { return String::new() };
    let within: String = places.map(|place| format!("{}</Location>\n", opened(place))).collect();
    format!("{}<LocationTree varName=\"locationTree\">\n{within}</LocationTree></Location>\n", opened(whole))
}

/// A place, still open for those within it.
fn opened(place: &Location) -> String {
    let (name, code) = (escaped(place.name), place.code);
    format!(
        "<Location><displayName>{name}</displayName><locationCode>{code}</locationCode><instruments>{}</instruments>\
         <routeExchange>{code}</routeExchange><access>unrestricted</access>",
        place.instrument
    )
}

fn scan(scan: &Code) -> String {
    let of_combos = scan.measure == Measure::Nothing;
    let fits = |code: &&str| (*code == "NATCOMB") == of_combos;
    let instruments: Vec<&str> = INSTRUMENTS.iter().map(|it| it.code).filter(fits).collect();
    format!(
        "<ScanType><displayName>{}</displayName><scanCode>{}</scanCode><instruments>{}</instruments>\
         <vendor>ALL</vendor><access>unrestricted</access></ScanType>\n",
        escaped(scan.name),
        scan.code,
        instruments.join(","),
    )
}

fn filter(filter: &Filter) -> String {
    let (tag, name) = (filter.tag, escaped(filter.name));
    format!(
        "<SimpleFilter><id>{tag}</id><category>General</category>\
         <AbstractField type=\"scanner.filter.DoubleField\" varName=\"simpleField\"><code>{tag}</code>\
         <displayName>{name}</displayName></AbstractField></SimpleFilter>\n"
    )
}
