package io.semel.docs.planted.attic;

/** Planted: lives in a package that is in no room. */
public final class Squatter {
    Squatter self;
}
