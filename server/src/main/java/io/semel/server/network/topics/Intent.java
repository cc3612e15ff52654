package io.semel.server.network.topics;

/** Whether a request means it, or only asks what would become of it ({@code validateOnly}). */
enum Intent {
    LOOK, CHANGE;

    static Intent of(boolean validateOnly) {
        return validateOnly ? LOOK : CHANGE;
    }
}
