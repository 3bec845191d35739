"""Voiceflow's exports, of every generation from 2021 on."""
