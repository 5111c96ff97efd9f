package dev.snoozy.text.grammar;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Some names as a tree of their characters; node 0 is the root. */
final class NameTree {
    private final List<Map<Integer, Integer>> children = new ArrayList<>();
    private final Map<Integer, Integer> letters = new HashMap<>();
    private final List<Boolean> names = new ArrayList<>();

    private NameTree() {
        newNode();
    }

    static NameTree of(List<String> names) {
        NameTree tree = new NameTree();
        for (String name : names) {
            int node = 0;
            for (int letter : name.codePoints().toArray()) {
                Integer child = tree.children.get(node).get(letter);
                if (child == null) {
                    child = tree.newNode();
                    tree.children.get(node).put(letter, child);
                    tree.letters.put(child, letter);
                }
                node = child;
            }
            tree.names.set(node, true);
        }
        return tree;
    }

    private int newNode() {
        children.add(new TreeMap<>());
        names.add(false);
        return names.size() - 1;
    }

    int size() {
        return names.size();
    }

    /** The nodes one letter further. */
    List<Integer> children(int node) {
        return List.copyOf(children.get(node).values());
    }

    /** The letter that leads to a node other than the root. */
    int letter(int node) {
        return letters.getOrDefault(node, 0);
    }

    boolean isName(int node) {
        return names.get(node);
    }
}
