package dev.snoozy.curate.map;

/**
 * Rows that are about the same.
 *
 * @param parent the wider topic it is part of, or -1 at the highest level
 * @param level 0 for the widest
 * @param label the words that set it apart from the other topics of its level
 * @param size rows
 */
public record Topic(int parent, int level, String label, int size) {}
