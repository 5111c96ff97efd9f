package dev.snoozy.curate.recipe;

import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The names and values of one level of a recipe; each error says its line. */
final class YamlMap {
    private final String file;
    private final String where;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Node> names = new LinkedHashMap<>();

    private YamlMap(String file, String where) {
        this.file = file;
        this.where = where;
    }

    static YamlMap of(String file, String where, Node node) throws RecipeException {
        YamlMap map = new YamlMap(file, where);
        if (!(node instanceof MappingNode mapping)) {
            throw map.error(node, where + ": expected names and values, found " + kind(node));
        }
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
                throw map.error(tuple.getKeyNode(), where + ": a name that is no text");
            }
            if (map.values.put(name.getValue(), tuple.getValueNode()) != null) {
                throw map.error(name, where + ": \"" + name.getValue() + "\" is there twice");
            }
            map.names.put(name.getValue(), name);
        }
        return map;
    }

    /** Every name must be one of these. */
    void only(List<String> known) throws RecipeException {
        for (Map.Entry<String, Node> name : names.entrySet()) {
            if (!known.contains(name.getKey())) {
                throw error(
                        name.getValue(),
                        "%s: \"%s\" is not known; expected %s"
                                .formatted(
                                        where,
                                        name.getKey(),
                                        known.isEmpty() ? "nothing" : "one of " + known));
            }
        }
    }

    List<String> names() {
        return List.copyOf(names.keySet());
    }

    Optional<Node> node(String name) {
        return Optional.ofNullable(values.get(name));
    }

    Optional<YamlMap> map(String name) throws RecipeException {
        Optional<Node> node = node(name);
        return node.isEmpty() ? Optional.empty() : Optional.of(of(file, name, node.get()));
    }

    Optional<String> text(String name) throws RecipeException {
        Optional<Node> node = node(name);
        return node.isEmpty() ? Optional.empty() : Optional.of(scalar(name, node.get()).getValue());
    }

    double number(String name, double otherwise) throws RecipeException {
        Optional<Node> node = node(name);
        if (node.isEmpty()) {
            return otherwise;
        }
        String text = scalar(name, node.get()).getValue();
        try {
            double number = Double.parseDouble(text);
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw error(node.get(), name + ": expected a number, found \"" + text + "\"");
    }

    /** Whether it is there and neither {@code false} nor {@code off}. */
    static Optional<Boolean> isSwitch(Node node) {
        if (node instanceof ScalarNode scalar) {
            return switch (scalar.getValue()) {
                case "true", "on", "yes" -> Optional.of(true);
                case "false", "off", "no" -> Optional.of(false);
                default -> Optional.empty();
            };
        }
        return Optional.empty();
    }

    /** A list of texts, or one text. */
    List<String> texts(String name) throws RecipeException {
        Optional<Node> node = node(name);
        if (node.isEmpty()) {
            return List.of();
        }
        if (node.get() instanceof SequenceNode sequence) {
            List<String> texts = new ArrayList<>();
            for (Node element : sequence.getValue()) {
                texts.add(scalar(name, element).getValue());
            }
            return texts;
        }
        return List.of(scalar(name, node.get()).getValue());
    }

    List<Node> list(String name) throws RecipeException {
        Optional<Node> node = node(name);
        if (node.isEmpty()) {
            return List.of();
        }
        if (node.get() instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw error(node.get(), name + ": expected a list, found " + kind(node.get()));
    }

    private ScalarNode scalar(String name, Node node) throws RecipeException {
        if (node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
            return scalar;
        }
        throw error(node, name + ": expected a value, found " + kind(node));
    }

    RecipeException error(String name, String message) {
        Node node = names.get(name);
        return node == null ? new RecipeException(file + ": " + message) : error(node, message);
    }

    RecipeException error(Node node, String message) {
        int line = node.getStartMark().map(Mark::getLine).orElse(0) + 1;
        return new RecipeException("%s, line %d: %s".formatted(file, line, message));
    }

    private static String kind(Node node) {
        return switch (node) {
            case MappingNode m -> "names and values";
            case SequenceNode s -> "a list";
            case ScalarNode s -> s.getValue().isEmpty() ? "nothing" : "\"" + s.getValue() + "\"";
            default -> "something else";
        };
    }
}
