package dev.snoozy.curate.recipe;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The names and values of one level of a recipe in YAML 1.2; each error says its line. */
public final class YamlMap {
    private static final long LARGEST = 1 << 20;

    /** From here on not every whole number is a double. */
    private static final long INEXACT = 1L << 53;

    private final String file;
    private final String where;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Node> names = new LinkedHashMap<>();

    private final Node level;

    private YamlMap(String file, String where, Node level) {
        this.file = file;
        this.where = where;
        this.level = level;
    }

    /**
     * The uppermost level of a file.
     *
     * @param expected what an empty file is told
     * @throws RecipeException if it holds no names and values
     * @throws IOException if it cannot be read
     */
    public static YamlMap read(Path file, String expected) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (Files.size(file) > LARGEST) {
            throw new RecipeException(
                    name + ": larger than 1 MiB; cure: give data after the recipe");
        }
        return parse(Files.readString(file), file, expected);
    }

    static YamlMap parse(String yaml, Path file, String expected) throws RecipeException {
        String name = String.valueOf(file.getFileName());
        LoadSettings settings = LoadSettings.builder().setLabel(name).build();
        Optional<Node> root;
        try {
            StreamReader text = new StreamReader(settings, yaml);
            root = new Composer(settings, new ParserImpl(settings, text)).getSingleNode();
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
            throw new RecipeException(name + ", line " + line + ": no YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new RecipeException(name + ": no YAML: " + e.getMessage());
        }
        if (root.isEmpty()) {
            throw new RecipeException(name + ": empty; expected " + expected);
        }
        return of(name, name, root.get());
    }

    static YamlMap of(String file, String where, Node node) throws RecipeException {
        YamlMap map = new YamlMap(file, where, node);
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
    public void only(List<String> known) throws RecipeException {
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

    public List<String> names() {
        return List.copyOf(names.keySet());
    }

    Optional<Node> node(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** The level below a name, if that is there. */
    public Optional<YamlMap> map(String name) throws RecipeException {
        Optional<Node> node = node(name);
        return node.isEmpty() ? Optional.empty() : Optional.of(of(file, name, node.get()));
    }

    /** The levels of a list. */
    public List<YamlMap> maps(String name) throws RecipeException {
        List<YamlMap> maps = new ArrayList<>();
        for (Node node : list(name)) {
            maps.add(of(file, name, node));
        }
        return maps;
    }

    /** A text, if it is there. */
    public Optional<String> text(String name) throws RecipeException {
        Optional<Node> node = node(name);
        return node.isEmpty() ? Optional.empty() : Optional.of(scalar(name, node.get()).getValue());
    }

    /** A finite number. */
    public double number(String name, double otherwise) throws RecipeException {
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

    /** A whole number. */
    public long whole(String name, long otherwise) throws RecipeException {
        double number = number(name, otherwise);
        if (number != Math.rint(number)) {
            throw error(name, name + ": expected a whole number, found " + text(name).orElse(""));
        }
        if (Math.abs(number) >= INEXACT) { // it may have been another before it was a double
            throw error(
                    name,
                    name
                            + ": expected less than "
                            + INEXACT
                            + " either way, found "
                            + text(name).orElse(""));
        }
        return (long) number;
    }

    /** Whether something is on. */
    public boolean flag(String name, boolean otherwise) throws RecipeException {
        Optional<Node> node = node(name);
        if (node.isEmpty()) {
            return otherwise;
        }
        return isSwitch(node.get())
                .orElseThrow(() -> error(name, name + ": expected true or false"));
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
    public List<String> texts(String name) throws RecipeException {
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

    /**
     * A file, if one is named.
     *
     * @param folder in which it is sought
     */
    public Optional<Path> path(String name, Path folder) throws RecipeException {
        Optional<Node> node = node(name);
        return node.isEmpty() ? Optional.empty() : Optional.of(path(name, node.get(), folder));
    }

    Path path(String name, Node node, Path folder) throws RecipeException {
        String text = scalar(name, node).getValue();
        try {
            return folder.resolve(text);
        } catch (InvalidPathException e) {
            throw error(node, name + ": expected the name of a file, found none: " + e.getReason());
        }
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

    /** An error at the line of a name, or of the level if that is not there. */
    public RecipeException error(String name, String message) {
        return error(names.getOrDefault(name, level), message);
    }

    RecipeException error(Node node, String message) {
        Optional<Mark> start = node.getStartMark();
        return new RecipeException(
                start.isEmpty()
                        ? "%s: %s".formatted(file, message)
                        : "%s, line %d: %s".formatted(file, start.get().getLine() + 1, message));
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
