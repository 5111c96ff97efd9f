package dev.snoozy.hub;

/**
 * A repository of Hugging Face that a search has found.
 *
 * @param name {@code user/repository}
 * @param downloads of the last month
 * @param likes of its users
 * @param license by its short name, "" if it says none
 * @param isGated whether its terms must be accepted there first
 */
public record FoundRepository(
        String name, long downloads, long likes, String license, boolean isGated) {}
