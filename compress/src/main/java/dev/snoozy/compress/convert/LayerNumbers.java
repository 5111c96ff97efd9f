package dev.snoozy.compress.convert;

import dev.snoozy.compress.convert.family.GgufKeys;
import dev.snoozy.compress.convert.family.Keys;
import dev.snoozy.compress.convert.family.Rule;
import dev.snoozy.compress.convert.family.Rules;
import dev.snoozy.compress.convert.family.Transform;
import dev.snoozy.format.SafetensorInfo;
import dev.snoozy.format.SafetensorType;
import dev.snoozy.format.SafetensorsFile;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/** Tensors of one number in each layer, which GGUF has as arrays in its metadata. */
final class LayerNumbers {
    private LayerNumbers() {}

    private static Rule.@Nullable Match match(String template, String name) {
        return new Rule(template, "", Transform.SAME).matchCheckpoint(name);
    }

    /** Whether a tensor of a checkpoint is such a number. */
    static boolean isOne(Rules rules, String name) {
        return rules.numbers().stream().anyMatch(each -> match(each.checkpoint(), name) != null);
    }

    /** Puts the numbers of a checkpoint into metadata. */
    static void read(SafetensorsFile file, Rules rules, int layers, Keys keys) {
        rules.numbers()
                .forEach(number -> {
                    String template = number.checkpoint();
                    float[] values = new float[layers];
                    int found = 0;
                    for (SafetensorInfo tensor : file.tensors()) {
                        Rule.Match match = match(template, tensor.name());
                        if (match != null && match.layer() < layers) {
                            if (tensor.elements() != 1) {
                                throw new ConvertException(
                                        "tensor "
                                                + tensor.name()
                                                + ": expected one number, found "
                                                + tensor.shape());
                            }
                            values[match.layer()] =
                                    RowCodec.element(tensor.type(), file.data(tensor), 0);
                            found++;
                        }
                    }
                    if (found != layers) {
                        throw new ConvertException(
                                "tensor %s: expected one for each of the %d layers, found %d"
                                        .formatted(template, layers, found));
                    }
                    keys.put(number.key(), values);
                });
    }

    /** The numbers of a GGUF file, by their tensors. */
    static Map<SafetensorInfo, Float> write(GgufKeys keys, Rules rules, int layers) {
        Map<SafetensorInfo, Float> numbers = new LinkedHashMap<>();
        rules.numbers()
                .forEach(number -> {
                    Object value = keys.metadata().get(number.key());
                    for (int i = 0; i < layers; i++) {
                        String name = number.checkpoint().replace("{i}", Integer.toString(i));
                        float one;
                        if (value instanceof float[] each && each.length >= layers) {
                            one = each[i];
                        } else if (value instanceof Number all) {
                            one = all.floatValue();
                        } else {
                            throw new ConvertException(
                                    number.key()
                                            + ": expected a number for each of the "
                                            + layers
                                            + " layers");
                        }
                        numbers.put(
                                SafetensorInfo.of(name, SafetensorType.F32, number.shape()), one);
                    }
                });
        return numbers;
    }
}
