package io.semel.docs.planted.transactions.coordinator;

import io.semel.docs.planted.transactions.groups.Members;

/** Planted: looks sideways. */
final class Nosy {
    Members[] nextDoor;
}
