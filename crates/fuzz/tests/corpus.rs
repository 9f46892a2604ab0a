//! Every committed input, and a short run of each target on top of it.

use fuzz::{Dice, MAX_INPUT, TARGETS, corpus, mutate};

#[test]
fn the_corpus_is_survived() {
    for target in TARGETS {
        let inputs = corpus(target.name).unwrap();
        assert!(!inputs.is_empty(), "{} has no corpus", target.name);
        for input in &inputs {
            (target.run)(input);
        }
    }
}

#[test]
fn neighbours_of_the_corpus_are_survived() {
    for target in TARGETS {
        let inputs = corpus(target.name).unwrap();
        let mut dice = Dice::new(7);
        for _ in 0..150 {
            let mut input = inputs[dice.below(inputs.len())].clone();
            mutate(&mut dice, &mut input, &inputs[0], MAX_INPUT);
            (target.run)(&input);
        }
    }
}
