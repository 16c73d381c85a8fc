//! The ids that the broker itself has given to contracts, where they are known: clients and their tests carry them.
//!
//! Left out: all others, for which the number of this house is the id.

/// Numbers of securities in this house, and the broker's ids of them.
const SECURITIES: &[(i64, i64)] = &[
    (1_001, 265_598),
    (1_003, 208_813_720),
    (1_004, 8_314),
    (1_005, 272_093),
    (1_006, 3_691_937),
    (1_007, 4_762),
    (1_008, 10_098),
    (1_009, 5_437),
    (1_010, 268_084),
    (1_012, 6_459),
    (1_014, 7_930),
    (1_015, 270_639),
    (1_016, 8_719),
    (1_017, 1_520_593),
    (1_018, 8_894),
    (1_019, 9_408),
    (1_022, 272_800),
    (1_023, 11_017),
    (1_024, 11_031),
    (1_026, 37_018_770),
    (1_028, 13_824),
    (1_029, 13_977),
    (1_030, 76_792_991),
    (1_031, 4_815_747),
    (1_032, 107_113_386),
    (1_033, 208_813_719),
    (1_034, 4_391),
    (1_035, 15_124_833),
    (1_037, 43_645_865),
    (2_001, 756_733),
    (2_004, 320_227_571),
    (2_005, 9_579_970),
    (2_006, 73_128_548),
    (2_008, 15_547_841),
    (2_014, 51_529_211),
    (2_015, 39_039_301),
    (2_020, 4_215_220),
    (2_025, 4_215_205),
    (2_027, 9_579_976),
    (3_001, 416_904),
    (3_002, 416_843),
    (3_003, 416_888),
    (3_005, 13_455_763),
    (3_006, 825_711),
    (3_007, 4_356_500),
    (3_010, 1_328_298),
    (4_001, 479_624_278),
    (4_002, 495_759_171),
    (6_201, 69_067_924),
    // Pairs: 10,000 + 100 x base + quote.
    (10_100, 12_087_792),
    (10_200, 12_087_797),
    (10_500, 14_433_401),
    (10_600, 39_453_441),
    (10_003, 15_016_059),
    (10_004, 12_087_820),
    (10_007, 15_016_062),
    (10_102, 12_087_807),
    (10_104, 12_087_817),
    (10_103, 14_321_016),
    (10_105, 15_016_065),
    (10_106, 47_101_302),
    (10_107, 15_016_068),
    (10_203, 14_321_015),
    (10_204, 12_087_826),
    (10_205, 15_016_075),
    (10_206, 47_101_305),
    (10_207, 15_016_078),
    (10_503, 15_016_133),
    (10_504, 15_016_125),
    (10_506, 39_453_424),
    (10_507, 15_016_138),
    (10_603, 39_453_444),
    (10_604, 46_189_224),
    (10_607, 46_189_223),
    (10_703, 15_016_241),
    (10_704, 15_016_234),
    (10_403, 14_321_010),
];

/// The broker's id of a number of this house.
pub(super) fn of_number(number: i64) -> Option<i64> {
    SECURITIES.iter().find(|(own, _)| *own == number).map(|(_, broker)| *broker)
}

/// The number of this house that stands behind an id of the broker.
pub(super) fn number_of(id: i64) -> Option<i64> {
    SECURITIES.iter().find(|(_, broker)| *broker == id).map(|(own, _)| *own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::house::catalog::listed::Listed;
    use tradeport_contracts::ContractId;

    #[test]
    fn an_id_of_the_broker_and_the_number_of_the_house_lead_to_the_same_contract() {
        for (number, id) in SECURITIES {
            let known = Listed::of_id(ContractId::new(*id)).unwrap();
            assert_eq!(Listed::of_id(ContractId::new(*number)), Some(known), "{number}");
            assert_eq!((known.number(), known.id().number()), (*number, *id));
            assert_eq!(of_number(*id), None, "{id} is also a number of the house");
        }
    }
}
