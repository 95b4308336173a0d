#!/bin/sh
# Stands in for `runet retrain --progress-json`: says what $FAKE_RUNET names, as quickly as it can be read.
[ -n "$FAKE_RUNET_ARGUMENTS" ] && printf '%s\n' "$@" >"$FAKE_RUNET_ARGUMENTS"

output=
previous=
for argument; do
  [ "$previous" = --output ] && output=$argument
  previous=$argument
done

measure() {
  printf '{"name":"%s","parent":%s,"candidate":%s,"count":80,"p":%s,"failed":%s}' "$@"
}

# $1: whether it passed; $2: the candidate's Dice of the atrium; $3: whether that is too low
gate() {
  printf '{"passed":%s,"patients":20,"images":80,"measures":[' "$1"
  measure dice_endo 0.921 0.934 0.0004 false
  printf ,
  measure dice_epi 0.948 0.948 null false
  printf ,
  measure dice_la 0.893 "$2" 0.2 "$3"
  for name in mad_endo_mm mad_epi_mm mad_la_mm hd_endo_mm hd_epi_mm hd_la_mm; do
    printf ,
    measure $name 1.5 1.4 0.03 false
  done
  for name in ef_bias_percent geometrical_outliers_percent anatomical_outliers_percent; do
    printf ,
    measure $name 6.5 6.0 null false
  done
  printf '],"cases":['
  printf '{"name":"patient0001_2CH_ED","parent":0.9,"candidate":0.8,"parent_outlier":false,"candidate_outlier":true},'
  printf '{"name":"patient0002_4CH_ES","parent":0.8,"candidate":0.9,"parent_outlier":true,"candidate_outlier":false}'
  printf '],"skipped":["patient0003_2CH_ED: no mask"],"reasons":['
  [ "$1" = true ] || printf '"dice_la"'
  printf ']}'
}

begin() {
  echo '{"event":"snapshot","hash":"12","frames":4,"edited":4,"patients":2,"exclusions":[]}'
  echo '{"event":"reading","done":3,"total":6,"text":"images"}'
  echo '{"event":"data","corrected":4,"repeat":4,"replay":16,"drawn":16,"validation":4,"locked":1}'
  echo '{"event":"warning","message":"one image is dark"}'
  echo '{"event":"step","epoch":1,"epochs":2,"done":1,"total":4,"loss":0.5,"seconds_left":240.0}'
}

# $1: number, $2: loss, $3: Dice of all structures
epoch() {
  printf '{"event":"epoch","epoch":%s,"epochs":2,"loss":%s,"seconds":1,"best":true,"seconds_left":60,"stages":[' "$1" "$2"
  printf '{"loss":1,"dice":null},{"loss":1,"dice":{"endo":%s,"epi":%s,"la":%s}}]}\n' "$3" "$3" "$3"
}

# $@: as of gate()
end() {
  epoch 1 0.5 0.8
  epoch 2 0.25 0.9
  echo '{"event":"gate","done":4,"total":8}'
  printf '{"event":"verdict","gate":%s}\n' "$(gate "$@")"
  printf '{"event":"done","hash":"abab","registered":true,"gate":%s}\n' "$(gate "$@")"
}

case $FAKE_RUNET in
passed)
  begin
  end true 0.895 false
  ;;
not-passed)
  begin
  end false 0.871 true
  ;;
nothing)
  echo '{"event":"failed","message":"nothing to learn from","cancelled":false}'
  echo 'runet retrain: nothing to learn from' >&2
  exit 1
  ;;
words)
  printf 'counting 1\rcounting 2\n' >&2
  echo 'runet retrain: the disk is full' >&2
  echo >&2
  exit 1
  ;;
crash)
  begin
  echo 'malloc(): corrupted top size' >&2
  kill -SEGV $$
  ;;
garbage)
  printf '\n\r{"event":\n{"event":"step","epoch":-7,"epochs":"many","done":1e300}\n[1]\n\377\376\001\n"word"\nnull\n{"event":"unheard of"}\n'
  head -c 5000000 /dev/zero | tr '\0' x
  echo
  printf '{"event":"epoch","epoch":3,"loss":null,"stages":[{"dice":7}]}\n{"event":"epoch","epoch":0}\n{"event":"epoch","stages":{}}\n'
  printf '{"event":"verdict","gate":{"passed":1}}\n{"event":"failed","message":4}\n{"event":"warning"}\n'
  printf '{"event":"warning","message":"half a'
  ;;
slow)
  trap 'kill $sleeping; mkdir -p "$output.retraining"; printf "{\"event\":\"failed\",\"message\":\"cancelled\",\"cancelled\":true,\"resume\":\"runet retrain\"}\n"; exit 1' INT
  begin
  sleep 60 >/dev/null 2>&1 &
  sleeping=$!
  wait $sleeping
  ;;
deaf)
  trap '' INT
  begin
  exec sleep 60 >/dev/null 2>&1
  ;;
silent) ;;
esac
