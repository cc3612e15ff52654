package io.semel.docs.planted.log.batch;

/** Planted: looks at nobody, as it should. */
public final class Layout {}
