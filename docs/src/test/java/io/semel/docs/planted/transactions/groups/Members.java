package io.semel.docs.planted.transactions.groups;

/** Planted: looked at from the room next door. */
public final class Members {}
