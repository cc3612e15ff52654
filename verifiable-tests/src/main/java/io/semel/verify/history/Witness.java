package io.semel.verify.history;

/** A send or a poll that tells what stands at an offset; its words are made only when they are wanted. */
interface Witness {
    Evidence evidence();
}
