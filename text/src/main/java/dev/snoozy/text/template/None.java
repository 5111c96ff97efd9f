package dev.snoozy.text.template;

/** The value {@code none}. */
enum None {
    NONE
}
