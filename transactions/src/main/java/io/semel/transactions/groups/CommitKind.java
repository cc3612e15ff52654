package io.semel.transactions.groups;

/** Where a commit of offsets belongs, which decides what it must prove. */
enum CommitKind {
    PLAIN, TRANSACTIONAL
}
